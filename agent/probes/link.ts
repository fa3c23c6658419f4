import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Reason } from '../../protocol/check.ts'
import { secondMs } from '../../protocol/time.ts'
import { withDeadline } from '../deadline.ts'
import type { Rhythm, SettingProblem } from './all.ts'
import { addressOf, connectOptions, ready, secondsSince } from './connection.ts'
import { median } from './median.ts'
import { codeOf, down, networkReason } from './network-error.ts'
import type { Probe, ProbeContext } from './probe.ts'
import { hostSetting, type SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    host: {
      ...hostSetting,
      description: 'Name or address of the peer at the other end of the link.',
    },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      description: 'TCP port that the peer serves.',
    },
    connects: {
      type: 'integer',
      minimum: 2,
      maximum: 50,
      default: 10,
      description: 'Connections made in a look, one each 100 ms; each is closed at once.',
    },
    lostAfterSeconds: {
      type: 'number',
      minimum: 0.05,
      maximum: 10,
      default: 1,
      description: 'A connection not made by then counts as lost; TCP asks again after 1 s.',
    },
    lossRatioMax: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.05,
      description: 'Degraded (loss_high) when more than this share of the connections is lost.',
    },
    rttMsMax: {
      type: 'number',
      minimum: 1,
      maximum: 10_000,
      description: 'Degraded (slow) when the median connection takes longer, in milliseconds.',
    },
  },
  required: ['host', 'port'],
  additionalProperties: false,
} as const
type LinkSettings = SettingsOf<typeof settings>

/** From one connection to the next, so that a look is no burst. */
const gapMs = 100

/** A look must have time for its last connection. */
export function* problems(settings: LinkSettings, rhythm: Rhythm): Generator<SettingProblem> {
  const neededMs = (settings.connects - 1) * gapMs + settings.lostAfterSeconds * secondMs
  if (neededMs < rhythm.timeoutMs) return
  const seconds = Math.floor(neededMs / secondMs) + 1
  yield { path: ['timeout'], message: `must be at least ${seconds}s for so many connections` }
}

/**
 * Up when the peer accepts connections in time; nothing is sent. Down when none is accepted.
 * Value: median seconds until a connection; `loss`: share of connections not made.
 */
export const link: Probe<LinkSettings> = async (settings, context) => {
  const { signal } = context
  let address: string
  try {
    address = await addressOf(settings.host, signal)
  } catch (error) {
    return down(error, signal)
  }
  const tries = Array.from({ length: settings.connects }, (_, index) =>
    connectOnce(address, settings, index * gapMs, context),
  )
  const seen = await Promise.all(tries)
  const seconds = seen.filter((each) => !isReason(each))
  const loss = 1 - seconds.length / seen.length
  if (seconds.length === 0) {
    return { state: 'down', reason: commonest(seen.filter(isReason)), parts: { loss } }
  }
  const value = median(seconds)
  const isSlow = value * secondMs > (settings.rttMsMax ?? Number.POSITIVE_INFINITY)
  const reason = loss > settings.lossRatioMax ? 'loss_high' : isSlow ? 'slow' : null
  const told = { value, parts: { loss } }
  return reason ? { state: 'degraded', reason, ...told } : { state: 'up', ...told }
}

function isReason(seen: number | Reason): seen is Reason {
  return typeof seen === 'string'
}

/** Seconds until a connection made after a while, or why there was none. */
async function connectOnce(
  host: string,
  { port, lostAfterSeconds }: LinkSettings,
  afterMs: number,
  { signal, now }: ProbeContext,
): Promise<number | Reason> {
  try {
    await delay(afterMs, undefined, { signal })
    const startedAt = now()
    const made = async (limit: AbortSignal) => {
      const socket = connect({ ...connectOptions, host, port })
      try {
        await ready(socket, 'connect', limit)
        return secondsSince(startedAt, now())
      } finally {
        socket.destroy()
      }
    }
    return await withDeadline(lostAfterSeconds * secondMs, made, signal)
  } catch (error) {
    const reason = codeOf(error) === 'ABORT_ERR' ? 'timeout' : networkReason(error)
    if (reason === null) throw error
    return reason
  }
}

/** What most of the connections met. */
function commonest(reasons: readonly Reason[]): Reason {
  const counts = Map.groupBy(reasons, (reason) => reason)
  const [most] = [...counts].sort(([, a], [, b]) => b.length - a.length)
  return most?.[0] ?? 'timeout'
}
