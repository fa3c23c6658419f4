import { kernelFile } from './kernel-file.ts'
import type { Probe } from './probe.ts'
import type { SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {},
  required: [],
  additionalProperties: false,
} as const

/**
 * Up whenever this process could observe the machine at all. It is never down from the inside:
 * a machine that is off makes no observation, and what that means is for the collector to judge.
 */
export const host: Probe<SettingsOf<typeof settings>> = (_settings, context) => {
  if (process.platform !== 'linux') return { state: 'up' }
  const text = kernelFile('proc/uptime', context).read()
  if (!(Number.parseFloat(text) > 0)) throw new Error('Cannot read the uptime in /proc/uptime.')
  return { state: 'up' }
}
