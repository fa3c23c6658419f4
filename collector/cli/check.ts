import type { EpochMs } from '../../protocol/time.ts'
import { type Config, readConfig } from '../config.ts'
import { AppError } from '../error.ts'
import { readHooks } from '../hooks/hooks-file.ts'
import type { Declared } from '../register/difference.ts'
import { readDeclared } from '../register/files.ts'
import type { Command } from './command.ts'

/** Reads the files and says what is wrong with them. */
export const check: Command = {
  about: 'Read register.yaml, policy.yaml and hooks.yaml, name every problem.',
  run: async ({ environment, now, out }) => {
    const config = readConfig(environment)
    const { register } = requireDeclared(config, now())
    out(`Both files are right. Institutions: ${register.institutions.length}.\n`)
    if (config.hooksFile === null) return 0
    const { hooks } = readHooks(config.hooksFile)
    out(`The file of web hooks is right. Hooks: ${hooks.length}.\n`)
    return 0
  },
}

/** What the files of the configuration say. Throws AppError, or DocumentError for their faults. */
export function requireDeclared({ registerFile, policyFile }: Config, now: EpochMs): Declared {
  if (registerFile && policyFile) return readDeclared(registerFile, policyFile, now)
  const missing = 'Set ISTIMRAR_REGISTER_FILE and ISTIMRAR_POLICY_FILE.'
  throw new AppError('configuration', missing)
}
