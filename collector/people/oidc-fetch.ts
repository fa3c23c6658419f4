import { Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import axios, { AxiosError } from 'axios'
import { neverAsked } from '../hooks/address.ts'

/** As much of `fetch` as a client of a provider uses. */
export type ProviderFetch = (
  url: string,
  options: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
    readonly signal?: AbortSignal | undefined
  },
) => Promise<Response>

/**
 * Asks a provider: with authorities of its own for its certificate, where given, and a limit on
 * what it may answer. Follows no redirect, uses no proxy, and never reaches a cloud's metadata
 * service. Throws AxiosError when there is no answer, or one that says the server is at fault.
 */
export function providerFetch(
  ca: string | null,
  limits: { readonly answerBytesMax: number; readonly timeoutMs: number },
): ProviderFetch {
  const options = { blockList: neverAsked, keepAlive: false }
  const client = axios.create({
    httpAgent: new PlainAgent(options),
    httpsAgent: new TlsAgent({ ...options, ...(ca !== null && { ca }) }),
    maxRedirects: 0,
    maxContentLength: limits.answerBytesMax,
    timeout: limits.timeoutMs,
    proxy: false,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    transformRequest: (data: unknown) => data,
  })
  return async (url, { method, headers, body, signal }) => {
    const data = body instanceof URLSearchParams ? body.toString() : body
    const request = { url, method, headers: { ...headers }, data, ...(signal && { signal }) }
    const answer = await client.request<Buffer>(request)
    const { status } = answer
    if (status >= 500) throw new AxiosError('The provider is at fault.', `status_${status}`)
    const answered = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const each of [value].flat()) answered.append(name, String(each))
    }
    const isEmpty = answer.data.length === 0
    return new Response(isEmpty ? null : new Uint8Array(answer.data), { status, headers: answered })
  }
}
