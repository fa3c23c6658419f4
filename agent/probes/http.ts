import type { ClientRequest, IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Reason } from '../../protocol/check.ts'
import { askedName, certificateFault, judgedHandshake } from './certificate.ts'
import { asciiHost, connectOptions, secondsSince } from './connection.ts'
import { down } from './network-error.ts'
import type { Probe, ProbeContext } from './probe.ts'
import type { SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      maxLength: 2_000,
      pattern: '^https?://[^\\s/?#@]+([/?#]\\S*)?$',
      patternErrorMessage: 'must be an http or https address, without user name or password',
      description: 'Address of the page, http or https, without user name or password.',
    },
    method: {
      type: 'string',
      enum: ['GET', 'HEAD'],
      default: 'GET',
      description: 'HEAD spares the server the body.',
    },
    status: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: ['integer', 'string'],
        minimum: 100,
        maximum: 599,
        pattern: '^[1-5][0-9]{2}(-[1-5][0-9]{2})?$',
        patternErrorMessage: 'must be a status code or a range, such as 200 or 200-399',
      },
      default: ['200-399'],
      description: 'Status codes that count as up: numbers and ranges. Redirects are not followed.',
    },
    bodyIncludes: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'Text (UTF-8) that must stand in the first 64 KiB of the page.',
    },
    address: {
      type: 'string',
      minLength: 1,
      maxLength: 253,
      pattern: '^[^\\s/]+$',
      patternErrorMessage: 'must be a name or an address, without port',
      description: "Connects here instead of to the URL's host, whose name is still asked for.",
    },
    trust: {
      type: 'string',
      enum: ['system', 'any'],
      default: 'system',
      description:
        'https: system: a known authority must have issued the certificate. any: need not.',
    },
  },
  required: ['url'],
  additionalProperties: false,
} as const
export type HttpSettings = SettingsOf<typeof settings>

const bodyBytesMax = 64 * 1024
const headerBytesMax = 16 * 1024

/**
 * Up when the page is answered as expected; what is wrong with a certificate is at most degraded.
 * Value: seconds until the head of the answer.
 */
export const http: Probe<HttpSettings> = async (settings, context) => {
  try {
    const { status, body, value, fault } = await ask(settings, context)
    if (!allows(settings.status, status)) return { state: 'down', reason: 'http_status', value }
    if (settings.bodyIncludes !== undefined && !body.includes(settings.bodyIncludes)) {
      return { state: 'down', reason: 'http_body_mismatch', value }
    }
    return fault ? { state: 'degraded', reason: fault, value } : { state: 'up', value }
  } catch (error) {
    return down(error, context.signal)
  }
}

/** What a server answered. `fault` is what is wrong with its certificate. */
export type HttpAnswer = {
  readonly status: number
  readonly body: Buffer
  readonly value: number
  readonly fault: Reason | null
}

/** Asks once and reads the answer's head and the beginning of its body. Throws network errors. */
export async function ask(settings: HttpSettings, context: ProbeContext): Promise<HttpAnswer> {
  const { signal, now } = context
  const url = new URL(settings.url)
  const secure = url.protocol === 'https:'
  const name = asciiHost(url.hostname)
  // Loaded only where needed, and not by import(): that reads every export, fetch's among them,
  // which costs the resident agent 13 MB.
  const { request } = secure
    ? process.getBuiltinModule('node:https')
    : process.getBuiltinModule('node:http')
  const startedAt = now()
  const asked = request(url, {
    ...connectOptions,
    ...(secure && { ...judgedHandshake, servername: askedName(name) }),
    hostname: asciiHost(settings.address ?? name),
    method: settings.method,
    headers: { host: url.host, 'user-agent': 'istimrar-agent', 'accept-encoding': 'identity' },
    agent: false,
    maxHeaderSize: headerBytesMax,
    signal,
  })
  const ended = failure(asked)
  try {
    asked.end()
    const response = await Promise.race([ended, answer(asked)])
    const at = now()
    const socket = response.socket as TLSSocket // of an https request
    const fault = secure ? certificateFault(socket, { name, trust: settings.trust, now: at }) : null
    const body = await Promise.race([ended, readBody(response)])
    return { status: response.statusCode ?? 0, body, value: secondsSince(startedAt, at), fault }
  } finally {
    asked.destroy()
  }
}

function answer(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve) => asked.on('response', resolve))
}

/**
 * Rejects when the request fails, also after its answer has begun: a malformed body is told here.
 * A connection may close without any error too, as when the server changes the protocol unasked.
 */
function failure(asked: ClientRequest): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  asked.on('error', reject)
  asked.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  promise.catch(() => {}) // when it comes too late to be of interest
  return promise
}

/** A body that stalls or breaks off is a fault; one that never ends is cut. */
async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= bodyBytesMax) break
  }
  return Buffer.concat(chunks).subarray(0, bodyBytesMax)
}

function allows(ranges: HttpSettings['status'], status: number): boolean {
  return ranges.some((range) => {
    const [from = 0, to = from] = String(range).split('-').map(Number)
    return from <= status && status <= to
  })
}
