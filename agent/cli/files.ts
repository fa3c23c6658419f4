import { readFileSync } from 'node:fs'
import { readConfig } from '../config.ts'
import { AgentError } from '../error.ts'
import type { FrozenConfig } from '../frozen.ts'

/** Reads a file that the user named. Throws AgentError when it cannot be read. */
export function readFile(file: string, hint = ''): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause
    const why = code === 'ENOENT' ? 'there is no such file' : String(code)
    throw new AgentError('usage', `Cannot read ${file}: ${why}.${hint && ` ${hint}`}`, { cause })
  }
}

/** Reads `agent.yaml`. Throws AgentError, or DocumentError with all its problems. */
export function loadConfig(file: string): FrozenConfig {
  return readConfig(readFile(file, 'agent init proposes one.'), file)
}
