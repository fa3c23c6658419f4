import { describe, expect, test } from 'vitest'
import { bodyOf, textOf } from '../../../collector/hooks/body.ts'
import { type Condition, type Judging, judge } from '../../../collector/hooks/conditions.ts'
import { eventTypes, type HookEvent, step } from '../../../collector/hooks/event.ts'
import type { Snapshot } from '../../../collector/kpi/snapshot.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { sampleMigration } from '../../support/metrics-migration.ts'
import { computedAt, oneInstitution } from '../../support/one-institution.ts'

const afterMs = { environment: 5 * minuteMs, agent: 5 * minuteMs, publish: 15 * minuteMs }
const long = { afterMs, watchingSince: 0 }
const none: Judging['cycleUse'] = new Map()

/** Follows snapshots as a collector does; all that was told, a line each. */
function follow(
  snapshots: readonly (Snapshot | { used: number })[],
  asked: Omit<Judging, 'cycleUse'> = long,
): (readonly HookEvent[])[] {
  const open = new Map<string, Condition>()
  return snapshots.map((each) => {
    const snapshot = 'used' in each ? well : each
    const cycleUse = 'used' in each ? new Map([['health/portal', each.used]]) : none
    const judging = { ...asked, cycleUse }
    const judged = judge(snapshot, judging, computedAt)
    const { events, opened, closed } = step(open, judged, computedAt, snapshot.held !== undefined)
    for (const each of opened) open.set(each.key, each)
    for (const key of closed) open.delete(key)
    return events
  })
}

function told(...[snapshots, judging]: Parameters<typeof follow>): string[] {
  return follow(snapshots, judging).map((events) =>
    events
      .map(({ type, status, subject }) =>
        [type, status, subject.agent?.name].filter((each) => each !== undefined).join(' '),
      )
      .join(', '),
  )
}

const state = (state: Snapshot['institutions'][0]['environments'][0]['state'], minutes: number) =>
  oneInstitution({ environment: { state, since: computedAt - minutes * minuteMs } })
const well = oneInstitution()
const agentsOf = (...lastMinutes: (number | null)[]) =>
  oneInstitution({
    agents: lastMinutes.map((minutes) => ({
      silent: minutes === null || minutes > 5,
      lastReportAt: minutes === null ? null : computedAt - minutes * minuteMs,
    })),
  })
const without = (snapshot: Snapshot): Snapshot => ({ ...snapshot, institutions: [] })
const lostOf = (used: number) => ({ used })
const lateOf = (late: number) =>
  oneInstitution({
    snapshot: {
      migration: {
        ...sampleMigration,
        institutions: { health: { ...sampleMigration.nation, late } },
      },
    },
  })
const heldFor = (minutes: number, rest: Snapshot = well): Snapshot => ({
  ...rest,
  held: { since: computedAt - minutes * minuteMs, jumps: [] },
})

describe('what is told, snapshot by snapshot', () => {
  test.each<[string, Parameters<typeof follow>[0], string[]]>([
    ['all is well', [well, well], ['', '']],
    [
      'down is told once, after its time, and that it works again after the same',
      [state('down', 4), state('down', 5), state('down', 6), state('up', 4), state('up', 5), well],
      ['', 'environment_down began', '', '', 'environment_down ended', ''],
    ],
    [
      'unknown is neither down nor up',
      [state('unknown', 60), state('down', 5), state('unknown', 60), state('maintenance', 60)],
      ['', 'environment_down began', '', ''],
    ],
    [
      'degraded works',
      [state('down', 5), state('degraded', 5)],
      ['environment_down began', 'environment_down ended'],
    ],
    [
      'what leaves the scope, or the register, is gone',
      [state('down', 5), state('not_in_scope', 0), state('down', 5), without(well)],
      ['environment_down began', 'environment_down gone', 'environment_down began'].concat(
        'environment_down gone',
      ),
    ],
    [
      'one agent of two is silent',
      [agentsOf(1, 5), agentsOf(1, 6), agentsOf(1, 7), agentsOf(1, 1)],
      ['', 'agent_silent began web-1', '', 'agent_silent ended web-1'],
    ],
    [
      'all agents are silent: told once, and of each one that then stays so',
      [agentsOf(6, 6), agentsOf(9, 9), agentsOf(1, 12), agentsOf(1, 1)],
      ['agent_silent began', '', 'agent_silent ended, agent_silent began web-1'].concat(
        'agent_silent ended web-1',
      ),
    ],
    [
      'an agent that was never heard, and one that was revoked',
      [agentsOf(1, null), oneInstitution({ agents: [{}, { status: 'revoked', silent: true }] })],
      ['agent_silent began web-1', 'agent_silent gone web-1'],
    ],
    [
      'the half-year is told at half, three quarters and nine tenths',
      [0.49, 0.5, 0.6, 0.75, 0.7, 1.2, 0.4].map(lostOf),
      ['', 'cycle_at_risk began', '', 'cycle_at_risk began', '', 'cycle_at_risk began'].concat(
        'cycle_at_risk ended',
      ),
    ],
    [
      'a migration that gets later',
      [lateOf(0), lateOf(2), lateOf(2), lateOf(3), lateOf(2), lateOf(0)],
      ['', 'migration_late began', '', 'migration_late began', '', 'migration_late ended'],
    ],
    [
      'while figures are held back, nothing else of that old snapshot is told',
      [state('down', 9), heldFor(14, without(well)), heldFor(15), state('down', 20)],
      ['environment_down began', '', 'publish_held began', 'publish_held ended'],
    ],
  ])('%s', (_what, snapshots, expected) => {
    expect(told(snapshots)).toEqual(expected)
  })

  test('a collector that just started gives agents time to be heard', () => {
    const justNow = { afterMs, watchingSince: computedAt - 4 * minuteMs }
    expect(told([agentsOf(1, 60), agentsOf(60, 60)], justNow)).toEqual(['', ''])
    const longer = { afterMs, watchingSince: computedAt - 5 * minuteMs }
    expect(told([agentsOf(1, 60)], longer)).toEqual(['agent_silent began web-1'])
  })

  test('each event has an id of its own', () => {
    const ids = follow([0.51, 0.76, 0.95, 0.4].map(lostOf)).flatMap((events) =>
      events.map(({ id }) => id),
    )
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^evt_[0-9a-f]{32}$/)
  })
})

describe('what is sent', () => {
  const about = { simulated: false, timezone: 'Asia/Muscat' }
  const [event] = follow([state('down', hourMs / minuteMs)])[0]!

  test('for programs', () => {
    expect(JSON.parse(bodyOf(event!, 'en', about))).toEqual({
      ...{ v: 1, id: event!.id, type: 'environment_down', status: 'began', simulated: false },
      at: new Date(computedAt).toISOString(),
      since: new Date(computedAt - hourMs).toISOString(),
      institution: { id: 'health', ar: 'وزارة الصحة', en: 'Ministry of Health' },
      environment: { id: 'portal', ar: 'البوابة الإلكترونية', en: 'Portal' },
      agent: null,
      data: { state: 'down', class: 'public', criticality: 'critical' },
      text: expect.stringContaining('Ministry of Health'),
    })
  })

  test('for people, in both languages, and marked where it is simulated', () => {
    const plain = (text: string) => text.replaceAll(/[\u2068\u2069]/g, '')
    expect(plain(textOf(event!, 'en', about))).toBe(
      'The hosting environment Portal of Ministry of Health has been down since ' +
        '2027-01-15 11:11 (Asia/Muscat).',
    )
    expect(plain(textOf(event!, 'ar', { ...about, simulated: true }))).toBe(
      'بيانات محاكاة – ليست رسمية: بيئة الاستضافة البوابة الإلكترونية في وزارة الصحة متوقفة منذ ' +
        '2027-01-15 11:11 (Asia/Muscat).',
    )
  })

  test('every text leaves no place open', () => {
    const statuses = ['began', 'ended', 'gone'] as const
    const all = eventTypes.flatMap((type) => statuses.map((status) => ({ type, status })))
    expect(all.length).toBe(15)
    for (const each of all) {
      for (const language of ['ar', 'en'] as const) {
        expect(textOf({ ...event!, ...each }, language, about)).not.toMatch(/[{}]|undefined/)
      }
    }
  })
})
