import { dayMs, secondMs } from '../../protocol/time.ts'
import { withDeadline } from '../deadline.ts'
import { askedName, judgedHandshake } from '../probes/certificate.ts'
import { connectOptions, ready } from '../probes/connection.ts'
import { withDefaults } from '../probes/settings.ts'
import { settings as tlsSettings } from '../probes/tls.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'
import { counted } from './peek.ts'
import { type Service, servicesOf } from './services.ts'

/** Certificates and versions of every service that an https or tls check watches. */
export const tlsFact: FactProbe = {
  indicators: ['tls.days_left', 'tls.modern_only'],
  async measure(host) {
    const services = servicesOf(host.config.checks).filter(({ secure }) => secure)
    if (services.length === 0) throw new Missing('no_check', 'tls')
    const [left, old] = await Promise.all([
      Promise.all(services.map((service) => secondsLeft(host, service))),
      Promise.all(services.map(takesOld)),
    ])
    return [
      daysLeft(
        left.filter((each) => each !== null),
        services.length,
      ),
      modernOnly(old, left),
    ]
  },
}

const timeoutMs = 2_500

/** Seconds until the certificate ends, by the probe itself; null when the service is not there. */
async function secondsLeft(fact: FactHost, { host, port, name }: Service): Promise<number | null> {
  const settings = withDefaults(tlsSettings, { host, port, serverName: name })
  const check = { check: 'tls', kind: 'tls', intervalMs: timeoutMs, timeoutMs, settings } as const
  try {
    return (await fact.look(check)).value ?? null
  } catch {
    return null // it could not look: nothing is known
  }
}

function daysLeft(left: readonly number[], services: number): Reading {
  const base = { indicator: 'tls.days_left', method: 'tls' } as const
  if (left.length === 0) return { ...base, value: null, missing: 'no_network' }
  const detail = `the first to end of ${left.length} of ${counted(services, 'service')}`
  return { ...base, value: (Math.min(...left) * secondMs) / dayMs, detail }
}

/** What a service made of a handshake that offers TLS 1.1 at most. */
type Old = 'taken' | 'refused' | 'unknown'

function modernOnly(old: readonly Old[], left: readonly (number | null)[]): Reading {
  const base = { indicator: 'tls.modern_only', method: 'tls' } as const
  const taken = old.filter((each) => each === 'taken').length
  const all = counted(old.length, 'service')
  if (taken > 0)
    return { ...base, value: false, detail: `${taken} of ${all} take TLS 1.1 or older` }
  if (left.every((each) => each === null)) return { ...base, value: null, missing: 'no_network' }
  // A service that speaks no TLS now has refused nothing.
  const isSure = old.every((each, index) => each === 'refused' && left[index] !== null)
  if (!isSure)
    return { ...base, value: null, missing: 'not_known', detail: `not all of ${all} answer` }
  return { ...base, value: true, detail: all }
}

/** Errors that mean that this host could not even offer so old a version. */
const unable = new Set(['ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'ERR_SSL_NO_CIPHERS_AVAILABLE'])

async function takesOld({ host, port, name }: Service): Promise<Old> {
  const { connect } = process.getBuiltinModule('node:tls')
  const offer = { ...connectOptions, ...judgedHandshake, maxVersion: 'TLSv1.1' } as const
  return withDeadline(timeoutMs, async (signal) => {
    const socket = connect({ ...offer, host, port, servername: askedName(name) })
    let isConnected = false
    socket.once('connect', () => {
      isConnected = true
    })
    try {
      await ready(socket, 'secureConnect', signal)
      return 'taken'
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      return isConnected && !signal.aborted && !unable.has(code) ? 'refused' : 'unknown'
    } finally {
      socket.destroy()
    }
  })
}
