import type { KeyObject } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import {
  generateKey,
  type MessageType,
  privateKey,
  publicKey,
  publicKeyText,
  signJws,
  thumbprint,
} from '../protocol/jws.ts'
import type { EpochMs } from '../protocol/time.ts'
import { AgentError } from './error.ts'
import type { PinnedLog } from './receipt.ts'

/** What the agent was told when it joined. Nothing in it is secret. */
export type Identity = {
  readonly agent: string
  readonly institution: string
  readonly environment: string
  readonly name: string
  readonly collector: string
  readonly enrolledAt: EpochMs
  /** The pinned log key: only receipts it signed count. */
  readonly log: { readonly id: string; readonly publicKey: string; readonly kid: string }
}

/** Signs in the agent's name. */
export type Signer = { readonly kid: string; sign(typ: MessageType, payload: object): string }

const keyFile = 'agent.key'
const identityFile = 'identity.json'

/** The identity kept in a folder; null before enrolment. */
export function readIdentity(dir: string): Identity | null {
  const text = readIfThere(join(dir, identityFile))
  return text === null ? null : (JSON.parse(text) as Identity) // written by writeIdentity
}

/** Keeps the identity. Written last in an enrolment: whoever has it can run. */
export function writeIdentity(dir: string, identity: Identity): void {
  writeWhole(join(dir, identityFile), `${JSON.stringify(identity, null, 2)}\n`, 0o644)
}

/** The agent's own key: made and kept on this host when there is none yet. */
export function ensureKey(dir: string): KeyObject {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = join(dir, keyFile)
  const kept = readIfThere(file)
  if (kept !== null) return readKey(file, kept)
  const { privatePem } = generateKey()
  writeWhole(file, privatePem, 0o600)
  return privateKey(privatePem)
}

/** The signer of an enrolled agent. Throws AgentError when the key is not there or is no key. */
export function openSigner(dir: string): Signer {
  const file = join(dir, keyFile)
  const pem = readIfThere(file)
  if (pem === null) throw new AgentError('failed', `The agent's key ${file} is missing.`)
  return signerOf(readKey(file, pem))
}

export function signerOf(key: KeyObject): Signer {
  const kid = thumbprint(publicKeyText(key))
  return { kid, sign: (typ, payload) => signJws(typ, payload, key, kid) }
}

/** The log whose receipts count. */
export function pinnedLog({ log: { id, kid, publicKey: text } }: Identity): PinnedLog {
  return { id, kid, key: publicKey(text) }
}

/** The sentence for whoever runs an agent that belongs to nobody yet. */
export function notEnrolled(dir: string): AgentError {
  return new AgentError(
    'failed',
    `No agent is enrolled in ${dir}. Ask for a token, then: agent enrol --token-file FILE`,
  )
}

function readKey(file: string, pem: string): KeyObject {
  try {
    return privateKey(pem)
  } catch (cause) {
    throw new AgentError('failed', `${file} does not hold a private key.`, { cause })
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Writes a file so that it is there whole or not at all, even after a power cut. */
function writeWhole(file: string, text: string, mode: number): void {
  const draft = `${file}.new`
  const handle = openSync(draft, 'w', mode)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(draft, file)
  if (process.platform === 'win32') return // has no handles of folders
  const folder = openSync(dirname(file), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
