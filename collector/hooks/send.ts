import { Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import axios, { isAxiosError } from 'axios'
import { minuteMs, secondMs } from '../../protocol/time.ts'
import { neverAsked } from './address.ts'

/** Limits of one attempt. */
export const sendLimits = {
  /** For all of it: name, connection, TLS, answer. */
  timeoutMs: 10 * secondMs,
  /** Of an answer; nothing in it is read. */
  answerBytesMax: 64 * 1024,
  /** A receiver that asks to be left alone is not believed beyond this. */
  retryAfterMsMax: 15 * minuteMs,
} as const

/** What came back: a status, or none and a code that says why. */
export type Answer = {
  readonly status: number | null
  readonly problem: string | null
  readonly retryAfterMs: number | null
}

/** Sends a body to a URL. Never throws: that it fails is an answer. */
export type Send = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Answer>

/** Follows no redirect, uses no proxy, and never reaches a cloud's metadata service. */
export function openSend(timeoutMs: number = sendLimits.timeoutMs): Send {
  // Node passes it to net.connect, which looks at each address a name resolves to.
  const options = { blockList: neverAsked, keepAlive: false }
  const client = axios.create({
    httpAgent: new PlainAgent(options),
    httpsAgent: new TlsAgent(options),
    maxRedirects: 0,
    maxContentLength: sendLimits.answerBytesMax,
    proxy: false,
    responseType: 'arraybuffer',
    decompress: false,
    validateStatus: () => true,
    // The bytes that were signed.
    transformRequest: (data: string) => data,
  })
  return async (url, body, headers, signal) => {
    const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    try {
      const answer = await client.post(url, body, { headers: { ...headers }, signal: ending })
      const { status } = answer
      const problem = status >= 200 && status < 300 ? null : `status_${status}`
      return { status, problem, retryAfterMs: retryAfterMs(answer.headers['retry-after']) }
    } catch (error) {
      // Neither its message nor its parts: they hold the URL.
      return { status: null, problem: problemOf(error), retryAfterMs: null }
    }
  }
}

function problemOf(error: unknown): string {
  const code = isAxiosError(error) ? error.code : undefined
  if (code === undefined) return 'failed'
  return code === 'ERR_CANCELED' ? 'timeout' : code
}

function retryAfterMs(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{1,6}$/.test(text)) return null
  return Math.min(Number(text) * secondMs, sendLimits.retryAfterMsMax)
}
