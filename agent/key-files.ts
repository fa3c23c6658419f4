import type { KeyObject } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateKey, privateKey, publicKeyText, thumbprint } from '../protocol/jws.ts'
import { errorTexts } from './cli/texts/errors.ts'
import { moveWhole, readIfThere, writeWhole } from './durable.ts'
import { AgentError } from './error.ts'
import { said } from './language.ts'

/**
 * The private keys of a folder, each for its owner's eyes only. `next` waits for the collector's
 * word on a rotation, `rejoin` for an administrator's. `previous` is what `current` replaced: a
 * collector restored from a backup may know no other.
 */
const files = {
  current: 'agent.key',
  next: 'agent.key.next',
  rejoin: 'agent.key.rejoin',
  previous: 'agent.key.previous',
} as const
type Role = keyof typeof files
const roles = Object.keys(files) as Role[]

/** The key of a role: made and kept on this host when there is none yet. */
export function ensureKey(dir: string, role: 'current' | 'next' | 'rejoin' = 'current'): KeyObject {
  const kept = readKey(dir, role)
  if (kept) return kept
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const { privatePem } = generateKey()
  writeWhole(fileOf(dir, role), privatePem, 0o600)
  return privateKey(privatePem)
}

/** The key of a role; null when there is none. Throws AgentError when the file holds no key. */
export function readKey(dir: string, role: Role): KeyObject | null {
  const pem = readIfThere(fileOf(dir, role))
  if (pem === null) return null
  try {
    return privateKey(pem)
  } catch (cause) {
    const message = said(errorTexts.noKeyInFile, { file: fileOf(dir, role) })
    throw new AgentError('failed', message, { cause })
  }
}

/** Forgets a key that nobody took. */
export function forgetKey(dir: string, role: 'next' | 'rejoin'): void {
  rmSync(fileOf(dir, role), { force: true })
}

/**
 * Makes the key named by `kid` the current one, and the current one the previous. It may be done
 * again after a crash at any step. Throws AgentError when no file holds the key.
 */
export function installKey(dir: string, kid: string): void {
  const role = roles.find((each) => kidOf(dir, each) === kid)
  const current = readIfThere(fileOf(dir, 'current'))
  if (!role) throw missing(dir)
  if (role === 'current') return
  // Where the previous key comes back, what it replaces must not be written over it.
  const aside = role === 'previous' ? 'next' : 'previous'
  if (current !== null) writeWhole(fileOf(dir, aside), current, 0o600)
  moveWhole(fileOf(dir, role), fileOf(dir, 'current'))
}

/** The sentence for a folder without the key it needs. */
export function missing(dir: string): AgentError {
  return new AgentError('failed', said(errorTexts.keyMissing, { file: fileOf(dir, 'current') }))
}

function kidOf(dir: string, role: Role): string | null {
  const key = readKey(dir, role)
  return key && thumbprint(publicKeyText(key))
}

function fileOf(dir: string, role: Role): string {
  return join(dir, files[role])
}
