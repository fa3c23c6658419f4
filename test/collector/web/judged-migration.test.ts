import { expect, test } from 'vitest'
import { curveOf } from '../../../collector/kpi/migration/curve.ts'
import { institutionFigures } from '../../../collector/kpi/migration/figures.ts'
import { discoveredIn, migrationFindings } from '../../../collector/kpi/migration/findings.ts'
import { workloadRows } from '../../../collector/kpi/migration/judge.ts'
import type { MigrationDetail, SnapshotMigration } from '../../../collector/kpi/migration/result.ts'
import { wavesOf } from '../../../collector/kpi/migration/waves.ts'
import { languages } from '../../../collector/web/language.ts'
import { institutionMigrationPage } from '../../../collector/web/pages/institution-migration.ts'
import {
  baseline,
  continuity,
  environment,
  host,
  inHall,
  inSky,
  judgedOn,
  movedObservation,
  observedOf,
  registered,
  workload,
} from '../../support/moving.ts'
import { sampleMigration } from '../../support/sample-migration.ts'
import { frame, institution, reads } from '../../support/sample-pages.ts'
import { readySnapshot } from '../../support/sample-readiness.ts'

/** The page over what judging makes of a register, on a day. */

const own = [
  workload({ id: 'moved', wave: 'A' }),
  workload({ id: 'said', weight: 2, provider: 'house', owner: null }),
  workload({
    ...{ id: 'waits', weight: 1, state: 'planned', target: null, startedOn: null, cutOverOn: null },
    blocked: { reason: 'no contract', since: '2026-03-15' },
  }),
  workload({ id: 'fresh', state: 'identified', plannedFinish: null, plannedStart: null }),
]
const hall = environment('own', [host('old', inHall, ['2026-01-01', '2026-08-01'])])
const observed = observedOf(
  {
    moved: movedObservation({
      target: environment('cloud', [host('new', inSky, ['2026-03-02', '2026-04-30'])]),
    }),
    said: movedObservation({ source: hall, target: hall, after: continuity(0.9) }),
    waits: { source: null, target: null, before: null, after: null, points: [] },
  },
  [environment('lonely', [host('forgotten', inSky, ['2026-03-02', '2026-04-30'])])],
)

function judged(day: string, baselines = [baseline('2026-03-01', roadmap)]) {
  const context = judgedOn(day)
  const register = registered(own, { baselines })
  const rows = workloadRows(register, observed, context)
  const findings = migrationFindings(register, rows, observed, context)
  const part = { institution: institution.id, rows, findings, baselines, closings: [] }
  const figures = institutionFigures(part, context)
  const detail: MigrationDetail = {
    ...{ figures, rows, findings, baselines, waves: wavesOf(rows) },
    discovered: discoveredIn(register, observed, context),
    curve: curveOf([part], [], figures, context),
  }
  const migration: SnapshotMigration = {
    ...{ ...sampleMigration, at: context.at },
    institutions: { [institution.id]: figures },
  }
  return { detail, snapshot: { ...readySnapshot, migration } }
}

const roadmap = { moved: '2026-04-10', said: '2026-06-30', waits: '2026-12-31' }

test.each([
  ['before the plan begins', '2026-02-20', ['The plan has not begun yet']],
  ['with nothing proven yet', '2026-03-20', ['0.00%', 'Days: ']],
  [
    'with a move proven',
    '2026-05-01',
    ['36.36%', '5 of 5 proven', 'Registered as moved, measured where it was', 'lonely'],
  ],
  ['long after the plan', '2027-05-01', ['Behind the plan', 'Late workloads 3', 'no contract']],
] as const)('%s the page says what was judged', (_when, day, says) => {
  const { detail, snapshot } = judged(day)
  for (const language of languages) {
    const view = { detail, mayRegister: true }
    const page = institutionMigrationPage(frame(language), snapshot, institution, view)
    expect(page).not.toMatch(/undefined|NaN|Infinity|Invalid|\[object/)
    if (language === 'en') for (const words of says) expect(reads(page)).toContain(words)
  }
})

test('without a roadmap the page says that one is missing, and has its findings all the same', () => {
  const { detail, snapshot } = judged('2026-05-01', [])
  const view = { detail, mayRegister: false }
  const text = reads(institutionMigrationPage(frame('en'), snapshot, institution, view))
  expect(text).toContain('No roadmap is approved yet')
  expect(text).toContain('Registered as moved, measured where it was')
  expect(text).not.toContain('Baselines of the roadmap')
  expect(text).toContain('Waves')
  const unnamed = detail.waves.map((wave) => ({ ...wave, name: null }))
  const plain = { ...view, detail: { ...detail, waves: unnamed } }
  const page = institutionMigrationPage(frame('en'), snapshot, institution, plain)
  expect(reads(page)).not.toContain('Waves')
})
