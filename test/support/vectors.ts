import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CheckDefinition } from '../../protocol/batch.ts'
import type { messageTypes } from '../../protocol/jws.ts'

export type MessageName = keyof typeof messageTypes

type MessageVectors = {
  key: { d: string; x: string; kid: string }
  newKey: { d: string; x: string; kid: string }
  definitions: { set: CheckDefinition[]; hash: string }
  /** What a host shows for `newKey` when it asks to rejoin. */
  rejoinCode: string
  /** Signed with `key`. */
  checkpoint: { log: string; size: number; root: string; note: string }
  valid: { type: MessageName; payload: Record<string, unknown>; jws: string }[]
  invalid: {
    name: string
    type: MessageName
    payload: Record<string, unknown>
    repeat?: { field: string; times: number }
  }[]
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))
}

/** test/vectors/messages.json, with the repetitions written out. */
export function messageVectors() {
  const { key, valid, invalid, ...rest } = read('messages') as MessageVectors
  const privateKey: KeyObject = createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', d: key.d, x: key.x },
    format: 'jwk',
  })
  return {
    ...rest,
    key: { ...key, privateKey },
    valid,
    invalid: invalid.map(({ name, type, payload, repeat }) => {
      if (!repeat) return { name, type, payload }
      const [each] = payload[repeat.field] as unknown[]
      const repeated = Array.from({ length: repeat.times }, () => each)
      return { name, type, payload: { ...payload, [repeat.field]: repeated } }
    }),
  }
}

/** test/vectors/json.json as bytes. */
export function jsonVectors() {
  const { valid, invalid } = read('json') as {
    valid: string[]
    invalid: { name: string; text?: string; hex?: string; code: string }[]
  }
  return {
    valid,
    invalid: invalid.map(({ name, text, hex, code }) => {
      const bytes = hex === undefined ? Buffer.from(text ?? '') : Buffer.from(hex, 'hex')
      return { name, bytes, code }
    }),
  }
}
