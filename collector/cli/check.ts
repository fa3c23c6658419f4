import type { EpochMs } from '../../protocol/time.ts'
import { type Config, readConfig } from '../config.ts'
import { AppError } from '../error.ts'
import type { Declared } from '../register/difference.ts'
import { readDeclared } from '../register/files.ts'
import type { Command } from './command.ts'

/** Reads both files and says what is wrong with them. */
export const check: Command = {
  about: 'Read register.yaml and policy.yaml, name every problem.',
  run: async ({ environment, now, out }) => {
    const { register } = requireDeclared(readConfig(environment), now())
    out(`Both files are right. Institutions: ${register.institutions.length}.\n`)
    return 0
  },
}

/** What the files of the configuration say. Throws AppError, or DocumentError for their faults. */
export function requireDeclared({ registerFile, policyFile }: Config, now: EpochMs): Declared {
  if (registerFile && policyFile) return readDeclared(registerFile, policyFile, now)
  const missing = 'Set ISTIMRAR_REGISTER_FILE and ISTIMRAR_POLICY_FILE.'
  throw new AppError('configuration', missing)
}
