import { Resolver } from 'node:dns/promises'
import type { Observation } from '../../protocol/check.ts'
import { asciiHost, secondsSince } from './connection.ts'
import { askNameServer, serverFrom } from './name-query.ts'
import { codeOf, down } from './network-error.ts'
import type { Probe, ProbeContext } from './probe.ts'
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
    dnssec: {
      type: 'boolean',
      description:
        'true: degraded unless the server vouches for the answer (dnssec_missing, dnssec_invalid).',
    },
  },
  required: ['lookup'],
  additionalProperties: false,
} as const
type DnsSettings = SettingsOf<typeof settings>

/**
 * Up when a name server answers; the hosts file and caches of this process play no part.
 * Value: seconds until the answer.
 */
export const dns: Probe<DnsSettings> = async (settings, { signal, now }) => {
  const { lookup, record, resolver: address, expect, dnssec } = settings
  if (dnssec) return signed(settings, { signal, now })
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

/** As above, by questions of our own: c-ares does not tell whether an answer is authenticated. */
async function signed(
  { lookup, record, resolver, expect }: DnsSettings,
  { signal, now }: Pick<ProbeContext, 'signal' | 'now'>,
): Promise<Observation> {
  const server = serverFrom(resolver ?? new Resolver().getServers()[0] ?? '')
  const question = { name: asciiHost(lookup), record }
  const startedAt = now()
  try {
    const answer = await askNameServer(server, question, signal)
    const value = secondsSince(startedAt, now())
    const { code, isAuthentic } = answer
    // It is heard without its signatures being checked: they are what is wrong with it.
    const isForged =
      code === 'ESERVFAIL' &&
      (await askNameServer(server, { ...question, unchecked: true }, signal)).code === ''
    if (isForged) return { state: 'degraded', reason: 'dnssec_invalid', value }
    const isAnswer = code === '' || (expect === 'answer' && isNoSuchName(code))
    if (!isAnswer) return down(Object.assign(new Error('answered'), { code }), signal)
    return isAuthentic
      ? { state: 'up', value }
      : { state: 'degraded', reason: 'dnssec_missing', value }
  } catch (error) {
    return dnsDown(error, signal)
  }
}

function isNoSuchName(code: string): boolean {
  return code === 'ENOTFOUND' || code === 'ENODATA'
}

/** For a look-up, c-ares says "refused" when it could not reach any name server at all. */
function dnsDown(error: unknown, signal: AbortSignal) {
  if (!signal.aborted && codeOf(error) === 'ECONNREFUSED') {
    return { state: 'down', reason: 'name_server_failed' } as const
  }
  return down(error, signal)
}
