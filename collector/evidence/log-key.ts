import type { KeyObject } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import {
  generateKey,
  messageTypes,
  privateKey,
  publicKeyText,
  signJws,
  thumbprint,
} from '../../protocol/jws.ts'
import type { Receipt } from '../../protocol/receipt.ts'

/** The key that signs receipts; agents pin its public half when they enrol. */
export type LogKey = { readonly key: KeyObject; readonly publicKey: string; readonly kid: string }

/**
 * Reads the log key, or makes one at the first start. The file is for the collector's eyes only.
 */
export function openLogKey(file: string): LogKey {
  if (!existsSync(file)) writeFileSync(file, generateKey().privatePem, { mode: 0o600, flag: 'wx' })
  const key = privateKey(readFileSync(file, 'utf8'))
  const publicKey = publicKeyText(key)
  return { key, publicKey, kid: thumbprint(publicKey) }
}

/** The signed word that a message is kept. */
export function signReceipt({ key, kid }: LogKey, receipt: Receipt): string {
  return signJws(messageTypes.receipt, receipt, key, kid)
}
