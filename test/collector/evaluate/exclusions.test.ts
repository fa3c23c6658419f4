import { expect, test } from 'vitest'
import { Exclusions } from '../../../collector/evaluate/maintenance.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import {
  environmentHistories,
  policyAt,
  registerHistory,
} from '../../../collector/register/history.ts'
import {
  decideMaintenance,
  type MaintenanceWindow,
  requestMaintenance,
} from '../../../collector/register/maintenance.ts'
import { maintenanceSubject } from '../../../collector/register/maintenance-log.ts'
import { settingNames } from '../../../collector/register/names.ts'
import { hourMs } from '../../../protocol/time.ts'

const start = Date.parse('2026-11-22T00:00:00Z')
const at = (hours: number) => start + hours * hourMs
const key = { institution: 'health', environment: 'portal', id: 'm-1' }

const act = (what: string, before: unknown, after: unknown, hours = -1, actor = 'x'): Entry => ({
  ...{ actor, role: 'ministry', what, why: 'a test', before, after, effectiveFrom: at(hours) },
})
const settings: Record<string, unknown> = {
  ...{ timezone: 'Asia/Muscat', cycleMonths: { april: 10, october: 4 } },
  ...{ maintenanceNoticeHours: 0, maintenanceQuotaMinutes: 120 },
}
const register = [
  ...settingNames.map((name) => act(`policy/${name}`, null, { value: settings[name] ?? null })),
  act('institution/health/environment/portal', null, { id: 'portal', serviceHours: 'always' }),
]

function approved(id: string, from: number, to: number): Entry[] {
  const rules = { noticeMs: 0, timezone: 'UTC', others: [] }
  const span = { from: at(from), to: at(to) }
  const window = requestMaintenance({ id, ...span, why: 'a test' }, 'huda', at(0), rules)
  const decision = { is: 'approved', by: 'x', role: 'ministry', at: at(0), why: 'a test' } as const
  const what = maintenanceSubject({ ...key, id })
  const after: MaintenanceWindow = decideMaintenance(window, decision)
  return [act(what, null, window, 0, 'huda'), act(what, window, after, 0)]
}

/** What is excluded after each list of entries in turn, in hours from the start. */
function excluded(...logs: Entry[][]): string[] {
  const exclusions = new Exclusions()
  return logs.map((entries) => {
    const history = registerHistory(entries)
    const read = exclusions.read(entries, history, policyAt(history, at(0)))
    const { maintenance } = read(environmentHistories(history)[0]!)
    return maintenance
      .map(({ from, to }) => `${(from - start) / hourMs}-${(to - start) / hourMs}`)
      .join()
  })
}

test('a log that grew is read on, and gives what it gives when read at once', () => {
  const first = approved('m-1', 10, 11)
  const second = approved('m-2', 20, 24)
  const logs = [register, [...register, ...first], [...register, ...first, ...second]]
  expect(excluded(...logs)).toEqual(['', '10-11', '10-11,20-21'])
  expect(excluded(logs[2]!)).toEqual(['10-11,20-21'])
})

test('a later approval of earlier maintenance takes the quota from what comes after it', () => {
  const late = approved('m-1', 20, 24)
  const early = approved('m-2', 10, 11)
  expect(excluded([...register, ...late], [...register, ...late, ...early])).toEqual([
    '20-22',
    '10-11,20-21',
  ])
})

test('a new quota holds for what begins from then on, new service hours too', () => {
  const windows = [...approved('m-1', 10, 12), ...approved('m-2', 20, 24)]
  const before = [...register, ...windows]
  const quota = act('policy/maintenanceQuotaMinutes', null, { value: 180 }, 15)
  const hours = [{ days: ['sun'], from: '00:00', to: '23:00' }]
  const environment = { id: 'portal', serviceHours: hours }
  const service = act('institution/health/environment/portal', null, environment, 15)
  expect(excluded(before, [...before, quota], [...before, quota, service])).toEqual([
    '10-12',
    '10-12,20-21',
    // From 20:00 UTC on it is Monday in Muscat; Sunday's service ended an hour before.
    '10-12',
  ])
})
