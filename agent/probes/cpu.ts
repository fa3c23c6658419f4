import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { Observation } from '../../protocol/check.ts'
import { secondMs } from '../../protocol/time.ts'
import { kernelFile } from './kernel-file.ts'
import type { Probe, ProbeContext } from './probe.ts'
import type { SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    usedRatioMax: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.95,
      description: 'Degraded (load_high) when more than this share of all processors was used.',
    },
  },
  required: [],
  additionalProperties: false,
} as const

/** Time all processors had and spent since the start, in a unit that does not matter. */
type Times = { readonly total: number; readonly idle: number }

const keptAs = 'times'

/**
 * Whether the processors keep up. Value: ratio used of all of them since this check's last look,
 * at its first look of one second. Waiting for a disk is no use; what a hypervisor took away is.
 */
export const cpu: Probe<SettingsOf<typeof settings>> = ({ usedRatioMax }, context) => {
  const before = context.kept.get(keptAs) as Times | undefined // set below
  const now = look(context)
  const value = before ? usedBetween(before, now) : null
  return value === null ? watchSecond(now, usedRatioMax, context) : judge(value, usedRatioMax)
}

async function watchSecond(before: Times, usedRatioMax: number, context: ProbeContext) {
  await setTimeout(secondMs, undefined, { signal: context.signal })
  const value = usedBetween(before, look(context))
  if (value === null) throw new Error('The processors counted no time within a second.')
  return judge(value, usedRatioMax)
}

function judge(value: number, usedRatioMax: number): Observation {
  return value > usedRatioMax
    ? { state: 'degraded', reason: 'load_high', value }
    : { state: 'up', value }
}

function look(context: ProbeContext): Times {
  const times = process.platform === 'linux' ? readTimes(context) : timesElsewhere()
  context.kept.set(keptAs, times)
  return times
}

/** Null where the counters did not move, or were set back: a container on another host. */
function usedBetween(before: Times, now: Times): number | null {
  const total = now.total - before.total
  const idle = now.idle - before.idle
  // The kernel's count of idle time may step back a little by itself.
  return total > 0 ? Math.min(1, Math.max(0, 1 - idle / total)) : null
}

/** The first line of /proc/stat. Time of guests is counted in user and nice already. */
function readTimes(context: ProbeContext): Times {
  const text = kernelFile('proc/stat', context).read()
  const counts = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.trim().split(/ +/).slice(0, 8).map(Number)
  if (!counts || counts.length < 4) throw new Error('Cannot read the processors in /proc/stat.')
  const [, , , idle = 0, waiting = 0] = counts
  return { total: counts.reduce((sum, count) => sum + count, 0), idle: idle + waiting }
}

function timesElsewhere(): Times {
  let total = 0
  let idle = 0
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq
    idle += times.idle
  }
  return { total, idle }
}
