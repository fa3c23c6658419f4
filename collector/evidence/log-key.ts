import type { KeyObject } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  generateKey,
  messageTypes,
  privateKey,
  publicKeyText,
  signJws,
  thumbprint,
} from '../../protocol/jws.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import { toDisk } from '../operations/data-files.ts'

/** The key that signs receipts; agents pin its public half when they enrol. */
export type LogKey = { readonly key: KeyObject; readonly publicKey: string; readonly kid: string }

/**
 * Reads the log key, or makes one at the first start. The file is for the collector's eyes only.
 */
export function openLogKey(file: string): LogKey {
  if (!existsSync(file)) makeKey(file)
  return readLogKey(file)
}

/** Reads a log key that must be there. Throws the error of the system or of Node's crypto. */
export function readLogKey(file: string): LogKey {
  const key = privateKey(readFileSync(file, 'utf8'))
  const publicKey = publicKeyText(key)
  return { key, publicKey, kid: thumbprint(publicKey) }
}

/** Whole and on disk before its public half leaves this machine: agents pin it for ever. */
function makeKey(file: string): void {
  writeFileSync(`${file}.new`, generateKey().privatePem, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
  toDisk(dirname(file))
}

/** The signed word that a message is kept. */
export function signReceipt({ key, kid }: LogKey, receipt: Receipt): string {
  return signJws(messageTypes.receipt, receipt, key, kid)
}
