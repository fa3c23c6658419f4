import type { Observation } from '../../protocol/check.ts'
import type { Probe } from './probe.ts'
import type { SettingsOf } from './settings.ts'
import { unitRuns } from './systemd.ts'

export const settings = {
  type: 'object',
  properties: {
    unit: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.:@\\\\$ -]*$',
      patternErrorMessage: 'must be the name of a service, such as nginx or postgresql@16-main',
      description:
        'Name of the systemd service, with or without .service; on Windows its short name.',
    },
  },
  required: ['unit'],
  additionalProperties: false,
} as const

/** Whether the system's manager of services has a service running. Its work is not looked at. */
export const service: Probe<SettingsOf<typeof settings>> = async ({ unit }, context) => {
  if (process.platform === 'win32') {
    const { windowsService } = await import('./windows-service.ts')
    return judge((await windowsService(unit, context)).running)
  }
  return judge(await unitRuns(unit.endsWith('.service') ? unit : `${unit}.service`, context))
}

function judge(runs: boolean): Observation {
  return runs ? { state: 'up' } : { state: 'down', reason: 'not_running' }
}
