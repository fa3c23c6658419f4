import { createHmac } from 'node:crypto'
import { type EpochMs, secondMs } from '../../protocol/time.ts'

/**
 * How web hooks are signed: as the open specification Standard Webhooks says, so that receivers
 * find a library that verifies in their language. Source: https://www.standardwebhooks.com/
 */

const secret = /^whsec_([A-Za-z0-9+/]+={0,2})$/
const keyBytesMin = 24
const keyBytesMax = 64

/** The keys in a secret file: one or two, a line each; null where it holds anything else. */
export function keysOf(text: string): Buffer[] | null {
  const lines = text.trim().split(/\r?\n/)
  const keys = lines.flatMap((line) => {
    const coded = secret.exec(line.trim())?.[1]
    const key = Buffer.from(coded ?? '', 'base64')
    const isWhole = key.toString('base64').replace(/=+$/, '') === coded?.replace(/=+$/, '')
    return isWhole && key.length >= keyBytesMin && key.length <= keyBytesMax ? [key] : []
  })
  return lines.length === keys.length && keys.length <= 2 ? keys : null
}

/** The headers that prove who sent a body, and when: HMAC-SHA256 over id, time and body. */
export function signedHeaders(
  keys: readonly Buffer[],
  id: string,
  at: EpochMs,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(at / secondMs))
  const signatures = keys.map((key) => {
    const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`)
    return `v1,${hmac.digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
