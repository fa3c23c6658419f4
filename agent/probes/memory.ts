import { freemem, totalmem } from 'node:os'
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
      description: 'Degraded (memory_low) when more than this share of the memory is in use.',
    },
  },
  required: [],
  additionalProperties: false,
} as const

/** Whether programs can still get memory. Value: ratio used, caches that can be freed left out. */
export const memory: Probe<SettingsOf<typeof settings>> = ({ usedRatioMax }, context) => {
  const { total, available } =
    process.platform === 'linux' ? readMemory(context) : { total: totalmem(), available: freemem() }
  const value = 1 - available / total
  return value > usedRatioMax
    ? { state: 'degraded', reason: 'memory_low', value }
    : { state: 'up', value }
}

/** `MemAvailable` is the kernel's own estimate of what can be had without swapping (since 3.14). */
function readMemory(context: ProbeContext) {
  const text = kernelFile('proc/meminfo', context).read()
  const total = kilobytes(text, 'MemTotal')
  const available = kilobytes(text, 'MemAvailable')
  if (!(total > 0 && available <= total)) throw new Error('Cannot read memory in /proc/meminfo.')
  return { total, available }
}

/** Without a pattern: one with a name in it would be compiled at each look. */
function kilobytes(text: string, field: string): number {
  const from = text.indexOf(`${field}:`)
  const to = text.indexOf(' kB\n', from)
  return from < 0 || to < 0 ? Number.NaN : Number(text.slice(from + field.length + 1, to))
}
