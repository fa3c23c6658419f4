import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MigrationWatch } from '../../../collector/evaluate/migration-watch.ts'
import { effectsOf } from '../../../collector/evidence/effects.ts'
import { institutionFigures, nationFigures } from '../../../collector/kpi/migration/figures.ts'
import type { MigrationContext } from '../../../collector/kpi/migration/observation.ts'
import type { SnapshotMigration, WorkloadRow } from '../../../collector/kpi/migration/result.ts'
import type { Snapshot } from '../../../collector/kpi/snapshot.ts'
import { applyActs } from '../../../collector/people/acts.ts'
import type { Entry } from '../../../collector/register/difference.ts'
import { applyDeclared, readDeclared } from '../../../collector/register/files.ts'
import {
  closingsAt,
  migrationMonthSubject,
  parseMigrationMonthSubject,
} from '../../../collector/register/migration-months.ts'
import { registeredWorkload } from '../../../collector/register/workloads.ts'
import { sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import type { Store } from '../../../collector/store/store.ts'
import { dayMs, type EpochMs, hourMs } from '../../../protocol/time.ts'
import { exampleFiles } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'
import { askedWorkload, sampleWorkloadRules } from '../../support/sample-workloads.ts'

const january = Date.parse('2026-12-31T20:00:00Z')
const february = Date.parse('2027-01-31T20:00:00Z')
const institution = 'services-authority'
const workload = registeredWorkload(askedWorkload(), null, sampleWorkloadRules)

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let snapshot: Snapshot | null

const watch = () =>
  MigrationWatch.open({
    ...{ store, now: () => snapshot!.asOf + hourMs },
    views: { snapshot: () => snapshot },
  })

/** Figures of a workload that was assessed, as of an instant. */
function figuresAt(at: EpochMs, isExempt = false): SnapshotMigration {
  const context: MigrationContext = {
    ...{ at, timezone: 'Asia/Muscat', policy: null, policies: [] },
    continuityTargetRatio: 0.95,
  }
  const row: WorkloadRow = {
    ...{ workload, state: isExempt ? 'exempt' : 'assessed', proofs: [], exemptUntil: null },
    readiness: { rating: 'not_rated', known: 0, all: 0, against: [] },
    compliance: { status: 'unknown', reason: 'not_moved_yet' },
    ...{ baselineFinish: null, isLate: false },
  }
  const part = { institution, rows: [row], findings: [], baselines: [], closings: [] }
  return {
    at,
    nation: nationFigures([part], { institutions: 2, closings: [] }, context),
    institutions: { [institution]: institutionFigures(part, context) },
  }
}

function at(asOf: EpochMs, more: Partial<Snapshot> = {}): void {
  snapshot = { ...sampleSnapshot, asOf, migration: figuresAt(asOf), ...more }
}

async function registerAt(at: EpochMs): Promise<void> {
  const what = `institution/${institution}/workload/${workload.id}`
  const entry: Entry = {
    ...{ actor: 'salma', role: 'institution', what, why: 'first' },
    ...{ before: null, after: workload, effectiveFrom: at },
  }
  await applyActs(store, [{ log: institution, entry }], at)
}

beforeEach(async () => {
  folder = temporaryFolder()
  store = sqliteStore(folder.file('collector.db'))
  const from = january - 40 * dayMs
  const declared = readDeclared(exampleFiles.register, exampleFiles.policy, from)
  const applying = { actor: 'amal', role: 'admin', why: 'first', effectiveFrom: from }
  await applyDeclared(store, declared, applying, from)
})
afterEach(async () => {
  await store.close()
  folder[Symbol.dispose]()
})

const months = async (whose: string | null) =>
  closingsAt(await store.entries('figures'), Number.MAX_SAFE_INTEGER, whose).map(
    ({ month }) => month,
  )
const closings = async () =>
  (await store.entries()).filter(({ what }) => what.includes('migration-month/'))

describe('a month of the migration', () => {
  test('is closed once its end is in the figures, by the collector, once', async () => {
    await registerAt(january - 10 * dayMs)
    const own = await watch()
    at(february - dayMs)
    await own.tick()
    expect(await months(null)).toEqual(['2026-12'])
    at(february)
    for (const each of [own, own, await watch()]) await each.tick()
    expect(await months(null)).toEqual(['2026-12', '2027-01'])
    expect(await months(institution)).toEqual(['2026-12', '2027-01'])
    expect(closingsAt(await store.entries('figures'), february, null)).toHaveLength(1)
    const [nation, ofInstitution] = (await closings()).slice(-2)
    expect(nation).toMatchObject({ what: 'migration-month/2027-01', actor: 'collector' })
    expect(ofInstitution).toMatchObject({
      ...{ what: `institution/${institution}/migration-month/2027-01`, before: null },
      after: {
        ...{ month: '2027-01', end: february, at: february, done: '0.00', earned: '10.00' },
        ...{ planned: null, earnedMonths: null },
      },
    })
  })

  test('is a leaf of whom it is about, which whoever rebuilds folds again', async () => {
    await registerAt(january - 10 * dayMs)
    at(february)
    await (await watch()).tick()
    const nobody = () => {
      throw new Error('No agent is asked for.')
    }
    for (const entry of await closings()) {
      const told = { ...entry, at: entry.effectiveFrom } as Entry
      const { whose } = parseMigrationMonthSubject(entry.what)!
      expect(effectsOf(whose, told, nobody)).toEqual([])
      expect(() => effectsOf('roads', told, nobody)).toThrow('another log')
      const other = { ...told, after: { ...(entry.after as object), month: '2027-02' } }
      expect(() => effectsOf(whose, other, nobody)).toThrow('no month')
    }
    expect(await closings()).toHaveLength(2)
  })

  test.each<[string, () => void]>([
    ['before the first figures', () => (snapshot = null)],
    ['without a workload', () => at(february, { migration: undefined as never })],
    [
      'where all workloads are exempt',
      () => at(february, { migration: figuresAt(february, true) }),
    ],
  ])('%s is not closed', async (_name, prepare) => {
    await registerAt(january - 10 * dayMs)
    const own = await watch()
    prepare()
    await own.tick()
    expect(await closings()).toEqual([])
  })

  test('at whose end there was no workload yet is not closed afterwards', async () => {
    await registerAt(february + 2 * dayMs)
    at(february + 3 * dayMs)
    const own = await watch()
    await own.tick()
    expect(await closings()).toEqual([])
    at(february + 28 * dayMs)
    await own.tick()
    expect(await months(institution)).toEqual(['2027-02'])
  })
})

describe('what the log says of a month', () => {
  const value = {
    ...{ month: '2027-01', end: february, at: february + dayMs, done: '50.00', earned: '61.25' },
    ...{ planned: '70.00', earnedMonths: 4.5 },
  }
  const entry = (after: unknown, more: Partial<Entry> = {}): Entry => ({
    ...{ actor: 'collector', role: 'admin', what: migrationMonthSubject('2027-01', institution) },
    ...{ why: 'the month is over', before: null, after, effectiveFrom: february + 2 * dayMs },
    ...more,
  })
  const read = (entries: readonly Entry[]) =>
    closingsAt(entries, february + 90 * dayMs, institution)

  test('is what it closed with, oldest first', () => {
    const next = {
      ...value,
      month: '2027-02',
      end: february + 28 * dayMs,
      at: february + 28 * dayMs,
    }
    const what = migrationMonthSubject('2027-02', institution)
    const later = entry(next, { what, effectiveFrom: february + 29 * dayMs })
    expect(read([entry(value), later])).toEqual([value, next])
    expect(read([later, entry(value)])).toEqual([next])
    const twice = entry({ ...value, end: value.end + 1, done: '60.00' })
    expect(read([entry(value), twice])).toEqual([value])
    expect(parseMigrationMonthSubject('migration-month/2027-13')).toBeNull()
    expect(parseMigrationMonthSubject(`${what}/x`)).toBeNull()
  })

  test.each<[string, Entry]>([
    ['by anybody else', entry(value, { actor: 'amal' })],
    ['of another month', entry({ ...value, month: '2027-02' })],
    ['that takes the place of another', entry(value, { before: value })],
    ['before its figures were known', entry(value, { effectiveFrom: february })],
    ['whose figures are of before its end', entry({ ...value, at: february - 1 })],
    ['with more than everything', entry({ ...value, done: '100.01' })],
    ['with a figure in words', entry({ ...value, earned: 'all' })],
    ['with less than no month', entry({ ...value, earnedMonths: -1 })],
    ['with more in it', entry({ ...value, secret: true })],
    ['of nothing', entry(null)],
  ])('counts for nothing: %s', (_name, each) => {
    expect(read([each])).toEqual([])
  })
})
