import { expect, test } from 'vitest'
import { Decisions } from '../../../collector/evaluate/disputes.ts'
import type { CycleAct, FrozenResult } from '../../../collector/register/cycles.ts'
import { frozenEndAt } from '../../../collector/register/cycles-log.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import {
  type Dispute,
  decideDispute,
  neverFrozen,
  requestDispute,
} from '../../../collector/register/disputes.ts'
import { disputeSubject } from '../../../collector/register/disputes-log.ts'
import { registerHistory } from '../../../collector/register/history.ts'
import { settingNames } from '../../../collector/register/names.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'

const now = Date.parse('2027-01-01T06:00:00Z')
const key = { institution: 'health', environment: 'portal' }

const act = (what: string, before: unknown, after: unknown, more: Partial<Entry> = {}): Entry => ({
  ...{ actor: 'huda', role: 'institution', what, why: 'a test', before, after },
  ...{ effectiveFrom: now, ...more },
})
const settings: Record<string, unknown> = {
  ...{ timezone: 'Asia/Muscat', cycleMonths: { april: 10, october: 4 }, freezeDays: 10 },
}
const start = { effectiveFrom: now - 60 * dayMs }
const register = [
  ...settingNames.map((name) =>
    act(`policy/${name}`, null, { value: settings[name] ?? null }, start),
  ),
  act('institution/health/environment/portal', null, { id: 'portal' }, start),
]

/** A dispute about an hour so many hours ago, granted whole. */
function granted(id: string, hoursAgo: number): Entry[] {
  const span = { from: now - hoursAgo * hourMs, to: now - (hoursAgo - 1) * hourMs }
  const claim = { state: 'up', cause: null } as const
  const asked = { id, ...span, claim, why: 'a test', evidenceSha256: null }
  const dispute: Dispute = requestDispute(asked, 'huda', now, {
    ...{ cycleAt: () => ({ from: 0, to: now }), freezeMs: dayMs, frozenThrough: neverFrozen(now) },
    ...{ inScope: [{ from: 0, to: now }], timezone: 'UTC', others: [] },
  })
  const by = { by: 'nasser', role: 'evaluator', at: now, why: 'a test' }
  const decision = { is: 'approved', ...by, granted: { ...span, ...claim }, before: null } as const
  const after = decideDispute(dispute, decision, neverFrozen(now))
  const what = disputeSubject({ ...key, id })
  const second = { actor: 'nasser', role: 'evaluator' }
  return [act(what, null, dispute), act(what, dispute, after, second)]
}

/** What was decided after each list of entries in turn, in hours ago. */
function decided(...logs: Entry[][]): string[] {
  const decisions = new Decisions()
  return logs.map((entries) =>
    decisions
      .read(
        entries,
        registerHistory(entries),
      )(key)
      .map(({ id, from }) => `${id} ${(now - from) / hourMs}`)
      .join(),
  )
}

test('a log that grew is read on, and gives what it gives when read at once, in order', () => {
  const [first, second] = [granted('d-1', 3), granted('d-2', 9)]
  const logs = [register, [...register, ...first], [...register, ...first, ...second]]
  expect(decided(...logs)).toEqual(['', 'd-1 3', 'd-2 9,d-1 3'])
  expect(decided(logs[2]!)).toEqual(['d-2 9,d-1 3'])
})

test('what was asked is not yet decided, and other environments have nothing', () => {
  const [asked] = granted('d-1', 3)
  expect(decided([...register, asked!])).toEqual([''])
  const entries = [...register, ...granted('d-1', 3)]
  const read = new Decisions().read(entries, registerHistory(entries))
  expect(read({ ...key, environment: 'other' })).toEqual([])
})

test('a freeze holds from the moment after it, whichever revision came since', () => {
  const frozen = (at: number) => ({ at }) as FrozenResult
  const freeze = (to: number, at: number) => ({ to, frozen: frozen(at) }) as CycleAct
  const open = { to: 900, frozen: null } as CycleAct
  const book = new Map([
    ['2026-10', [freeze(100, 110), freeze(100, 350)]],
    ['2027-04', [freeze(200, 300)]],
    ['2027-10', [open]],
  ])
  const at = (instant: number) => frozenEndAt(book, instant)
  expect([110, 111, 300, 301, 900].map(at)).toEqual([-Infinity, 100, 100, 200, 200])
})
