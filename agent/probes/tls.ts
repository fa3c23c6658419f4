import type { TLSSocket } from 'node:tls'
import type { Observation, Reason } from '../../protocol/check.ts'
import { dayMs, secondMs } from '../../protocol/time.ts'
import {
  askedName,
  certificateFault,
  judgedContext,
  judgedHandshake,
  secondsLeft,
} from './certificate.ts'
import { asciiHost, connectOptions, ready } from './connection.ts'
import { down } from './network-error.ts'
import type { Probe } from './probe.ts'
import { hostSetting, type SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    host: {
      ...hostSetting,
      description: 'Name or address to connect to.',
    },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      default: 443,
      description: 'TCP port.',
    },
    serverName: {
      ...hostSetting,
      description: 'Name to ask for and to find in the certificate, where it differs from host.',
    },
    daysLeftMin: {
      type: 'number',
      minimum: 0,
      maximum: 3_650,
      default: 21,
      description: 'Degraded (certificate_expiring) when fewer days are left.',
    },
    trust: {
      type: 'string',
      enum: ['system', 'any'],
      default: 'system',
      description: 'system: a known authority must have issued the certificate. any: it need not.',
    },
    protocolMin: {
      type: 'string',
      enum: ['TLSv1.2', 'TLSv1.3'],
      default: 'TLSv1.2',
      description: 'Degraded (protocol_outdated) when the server agrees only to an older version.',
    },
  },
  required: ['host'],
  additionalProperties: false,
} as const
type TlsSettings = SettingsOf<typeof settings>

/**
 * Up when a handshake succeeds; what the certificate or the version lacks is at most degraded.
 * Value: seconds left of the certificate, negative once it has ended.
 */
export const tls: Probe<TlsSettings> = async (settings, { signal, now, kept }) => {
  const { connect } = process.getBuiltinModule('node:tls')
  const host = asciiHost(settings.host)
  const name = asciiHost(settings.serverName ?? settings.host)
  const { port } = settings
  const secureContext = judgedContext(kept)
  const target = { ...connectOptions, ...judgedHandshake, secureContext, host, port }
  const socket = connect({ ...target, servername: askedName(name) })
  try {
    const failure = await shakeHands(socket, signal)
    if (failure) return failure
    const at = now()
    const value = secondsLeft(socket, at)
    const reason = fault(socket, settings, name, at)
    return reason ? { state: 'degraded', reason, value } : { state: 'up', value }
  } finally {
    socket.destroy()
  }
}

/** Once connected, whatever but time ends the handshake is a failed handshake. */
async function shakeHands(socket: TLSSocket, signal: AbortSignal): Promise<Observation | null> {
  let connected = false
  socket.once('connect', () => {
    connected = true
  })
  try {
    await ready(socket, 'secureConnect', signal)
    return null
  } catch (error) {
    if (connected && !signal.aborted) return { state: 'down', reason: 'tls_handshake_failed' }
    return down(error, signal)
  }
}

/** The worst finding: first what turns visitors away today, then what will. */
function fault(socket: TLSSocket, settings: TlsSettings, name: string, now: number): Reason | null {
  const refused = certificateFault(socket, { name, trust: settings.trust, now })
  if (refused) return refused
  const daysLeft = secondsLeft(socket, now) / (dayMs / secondMs)
  if (daysLeft < settings.daysLeftMin) return 'certificate_expiring'
  const version = socket.getProtocol() ?? ''
  return version < settings.protocolMin ? 'protocol_outdated' : null
}
