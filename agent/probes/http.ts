import type { TLSSocket } from 'node:tls'
import type { Reason } from '../../protocol/check.ts'
import { askedName, certificateFault, judgedHandshake } from './certificate.ts'
import { asciiHost } from './connection.ts'
import { exchange, type HttpRequest } from './exchange.ts'
import { down } from './network-error.ts'
import type { Probe, ProbeContext } from './probe.ts'
import { hostSetting, type SettingsOf } from './settings.ts'

/** A status code or a range of them. */
export const statusSetting = {
  type: ['integer', 'string'],
  minimum: 100,
  maximum: 599,
  pattern: '^[1-5][0-9]{2}(-[1-5][0-9]{2})?$',
  patternErrorMessage: 'must be a status code or a range, such as 200 or 200-399',
} as const

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
      items: statusSetting,
      default: ['200-399'],
      description: 'Status codes that count as up: numbers and ranges. Redirects are not followed.',
    },
    bodyIncludes: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      isFreeText: true,
      description: 'Text (UTF-8) that must stand in the first 64 KiB of the page.',
    },
    slowSeconds: {
      type: 'number',
      minimum: 0.001,
      maximum: 3_600,
      description: 'Degraded (slow) when the head of the answer takes longer.',
    },
    address: {
      ...hostSetting,
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
    const reason = fault ?? (isSlow(settings, value) ? 'slow' : null)
    return reason ? { state: 'degraded', reason, value } : { state: 'up', value }
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
  const url = new URL(settings.url)
  const { trust } = settings
  const name = asciiHost(url.hostname)
  const request: HttpRequest = {
    url,
    hostname: asciiHost(settings.address ?? name),
    method: settings.method,
    headers: { host: url.host },
    handshake: { ...judgedHandshake, servername: askedName(name) },
    headerBytesMax,
    bodyBytesMax,
  }
  const judge = (socket: TLSSocket) => certificateFault(socket, { name, trust, now: context.now() })
  const { status, body, seconds, judged } = await exchange(request, context, judge)
  return { status, body, value: seconds, fault: judged }
}

/** Whether a status is among numbers and ranges such as `200-399`. */
export function allows(ranges: readonly (number | string)[], status: number): boolean {
  return ranges.some((range) => {
    const [from = 0, to = from] = String(range).split('-').map(Number)
    return from <= status && status <= to
  })
}

function isSlow({ slowSeconds = Number.POSITIVE_INFINITY }: HttpSettings, seconds: number) {
  return seconds > slowSeconds
}
