import { Resolver } from 'node:dns/promises'
import { asciiHost, secondsSince } from './connection.ts'
import { codeOf, down } from './network-error.ts'
import type { Probe } from './probe.ts'
import type { SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    lookup: {
      type: 'string',
      minLength: 1,
      maxLength: 253,
      description: 'Name to look up; for PTR in its in-addr.arpa or ip6.arpa form.',
    },
    record: {
      type: 'string',
      enum: ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'],
      default: 'A',
      description: 'Type of record to ask for.',
    },
    resolver: {
      type: 'string',
      minLength: 1,
      maxLength: 60,
      pattern: '^[0-9.]+(:[0-9]+)?$|^[0-9A-Fa-f:.]+$|^\\[[0-9A-Fa-f:.]+\\](:[0-9]+)?$',
      patternErrorMessage: 'must be an address, such as 10.0.0.53 or [2001:db8::53]:5353',
      description:
        "Address of the name server to ask, with or without port; else the system's own.",
    },
    expect: {
      type: 'string',
      enum: ['record', 'answer'],
      default: 'record',
      description:
        'record: the name must exist. answer: also "no such name" proves the server works.',
    },
  },
  required: ['lookup'],
  additionalProperties: false,
} as const

/**
 * Up when a name server answers; the hosts file and caches of this process play no part.
 * Value: seconds until the answer.
 */
export const dns: Probe<SettingsOf<typeof settings>> = async (settings, { signal, now }) => {
  const { lookup, record, resolver: address, expect } = settings
  const startedAt = now()
  // Made anew for each look, so that a change of the system's name servers is noticed.
  const resolver = new Resolver()
  if (address !== undefined) resolver.setServers([address])
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel)
  try {
    signal.throwIfAborted()
    await resolver.resolve(asciiHost(lookup), record)
    return { state: 'up', value: secondsSince(startedAt, now()) }
  } catch (error) {
    const failed = dnsDown(error, signal)
    const answered = expect === 'answer' && failed.reason === 'name_not_found'
    return answered ? { state: 'up', value: secondsSince(startedAt, now()) } : failed
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** For a look-up, c-ares says "refused" when it could not reach any name server at all. */
function dnsDown(error: unknown, signal: AbortSignal) {
  if (!signal.aborted && codeOf(error) === 'ECONNREFUSED') {
    return { state: 'down', reason: 'name_server_failed' } as const
  }
  return down(error, signal)
}
