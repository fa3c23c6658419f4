import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readAuthorities } from '../authorities.ts'
import { readConfig } from '../config.ts'
import { AgentError } from '../error.ts'
import type { FrozenConfig } from '../frozen.ts'
import { type Language, say, type Text } from '../language.ts'
import { errorTexts } from './texts/errors.ts'

/** Reads a file that the user named. Throws AgentError when it cannot be read. */
export function readFile(file: string, hint?: Text): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause
    const sentence = (language: Language) => {
      const why = code === 'ENOENT' ? say(errorTexts.noSuchFile, language) : String(code)
      const failed = say(errorTexts.cannotRead, language, { file, why })
      return hint ? `${failed} ${say(hint, language)}` : failed
    }
    throw new AgentError('usage', { in: sentence }, { cause })
  }
}

/**
 * Reads `agent.yaml` and the authorities it names. Throws AgentError, or DocumentError with all its
 * problems.
 */
export function loadConfig(file: string): FrozenConfig {
  const config = readConfig(readFile(file, errorTexts.initProposes), file)
  if (config.authorities === undefined) return config
  // Beside agent.yaml, wherever the agent is started.
  const authorities = resolve(dirname(file), config.authorities)
  readAuthorities(authorities)
  return { ...config, authorities }
}
