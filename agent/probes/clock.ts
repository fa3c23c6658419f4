import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:dgram'
import { type EpochMs, hourMs, secondMs } from '../../protocol/time.ts'
import { asciiHost, cloudMetadata } from './connection.ts'
import { addressOfName } from './lookup.ts'
import { askBytes, type NtpAnswer, readAnswer } from './ntp.ts'
import type { Probe, ProbeContext } from './probe.ts'
import { hostSetting, type SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    server: {
      ...hostSetting,
      description: 'Name or address of an NTP server, best the one this machine is set by.',
    },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      default: 123,
      description: 'UDP port.',
    },
    offsetSecondsMax: {
      type: 'number',
      minimum: 0.01,
      maximum: 86_400,
      default: 1,
      description: 'Degraded (clock_offset_high) when the clock is further off, either way.',
    },
  },
  required: ['server'],
  additionalProperties: false,
} as const
type ClockSettings = SettingsOf<typeof settings>

/**
 * How far this machine's clock is from an NTP server's (SNTP, RFC 4330 and 5905). Value: seconds
 * off, without sign. A server that has lost its own time is `clock_not_synchronised`. One that does
 * not answer, or turns us away, says nothing of the clock: no observation is made.
 */
export const clock: Probe<ClockSettings> = async (settings, context) => {
  const { kept, now } = context
  const turnedAwayAt = kept.get(keptAs) as EpochMs | undefined // set below
  if (turnedAwayAt !== undefined && Math.abs(now() - turnedAwayAt) < turnedAwayMs) {
    throw new Error('The NTP server asked to be left alone: it is not asked for an hour.')
  }
  const { answer, sentAt, receivedAt } = await ask(settings, context)
  if (answer.kind === 'go away') {
    kept.set(keptAs, receivedAt)
    throw new Error('The NTP server does not want to be asked by this machine.')
  }
  if (answer.kind === 'without time') return { state: 'degraded', reason: 'clock_not_synchronised' }
  const offsetMs = (answer.receivedAt - sentAt + answer.sentAt - receivedAt) / 2
  const travelMs = Math.max(0, receivedAt - sentAt - (answer.sentAt - answer.receivedAt))
  const value = Math.abs(offsetMs) / secondMs
  // The two ways may differ: half the time under way is what the offset may be wrong by.
  const atLeast = (Math.abs(offsetMs) - travelMs / 2) / secondMs
  return atLeast > settings.offsetSecondsMax
    ? { state: 'degraded', reason: 'clock_offset_high', value }
    : { state: 'up', value }
}

const keptAs = 'turned away'
const turnedAwayMs = hourMs

type Exchange = {
  readonly answer: NtpAnswer
  readonly sentAt: EpochMs
  readonly receivedAt: EpochMs
}

/**
 * Asks once. The kernel passes on only what comes from the address asked, and of that only what
 * repeats our random number counts; all else is waited past until the signal ends.
 */
async function ask({ server, port }: ClockSettings, { signal, now }: ProbeContext) {
  const { address, family } = await orAborted(addressOfName(asciiHost(server)), signal)
  if (cloudMetadata.check(address, family === 6 ? 'ipv6' : 'ipv4')) {
    throw new Error("No check may ask a cloud's metadata service.")
  }
  // Loaded only where needed: the resident agent has no other use for it.
  const { createSocket } = process.getBuiltinModule('node:dgram')
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  try {
    return await orAborted(exchange(socket, { address, port, now }), signal)
  } finally {
    socket.close()
  }
}

type Target = { readonly address: string; readonly port: number; readonly now: () => EpochMs }

function exchange(socket: Socket, { address, port, now }: Target): Promise<Exchange> {
  const { promise, resolve, reject } = Promise.withResolvers<Exchange>()
  const nonce = randomBytes(8)
  let sentAt: EpochMs
  socket.on('error', reject)
  socket.on('message', (bytes) => {
    const receivedAt = now()
    const answer = readAnswer(bytes, nonce, receivedAt)
    if (answer) resolve({ answer, sentAt, receivedAt })
  })
  socket.connect(port, address, () => {
    sentAt = now()
    socket.send(askBytes(nonce), (error) => error && reject(error))
  })
  return promise
}

/** The answer, or an error when the signal comes first. */
async function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(new Error('The NTP server did not answer in time.'))
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  try {
    return await Promise.race([answer, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
