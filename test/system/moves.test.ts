import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportEvidence } from '../../collector/evidence/export.ts'
import { readLogKey } from '../../collector/evidence/log-key.ts'
import { verify } from '../../collector/evidence/verify.ts'
import {
  type MigrationDetail,
  migrationFindingKinds,
  type SnapshotMigration,
  type WorkloadRow,
} from '../../collector/kpi/migration/result.ts'
import { sqliteSnapshot } from '../../collector/store/sqlite/sqlite.ts'
import type { Move } from '../simulation/nation-moves.ts'
import { SimulatedMoves } from '../simulation/simulated-moves.ts'
import { temporaryFolder } from '../support/folder.ts'
import { readPage } from '../support/metrics-page.ts'

/**
 * What measurement makes of what people say, where the truth is known: a nation lives through 77
 * days in a real collector, and many of its institutions lie or are mistaken.
 */

let folder: ReturnType<typeof temporaryFolder>
let world: SimulatedMoves
let nation: SnapshotMigration['nation']
const details = new Map<string, MigrationDetail>()

beforeAll(async () => {
  folder = temporaryFolder()
  world = await new SimulatedMoves(folder.path, 7, 10).live()
  const { ask } = world.collector
  nation = ((await ask('/api/v1/migration')).json() as SnapshotMigration).nation
  for (const { id } of world.nation.institutions) {
    const answer = await ask(`/api/v1/institutions/${id}/migration`)
    expect(answer.status).toBe(200)
    details.set(id, answer.json())
  }
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** What was found, and what should have been, as `institution/what kind`. */
function findings(): { readonly found: string[]; readonly due: string[] } {
  const found = [...details].flatMap(([institution, { findings: own }]) =>
    own.map(({ workload, environment, kind }) => {
      return `${institution}/${workload ?? environment} ${kind}`
    }),
  )
  const due = world.moves.flatMap(({ institution, workload, hosts, truth }) =>
    truth.findings.map((kind) => `${institution}/${workload ?? hosts[0]?.environment} ${kind}`),
  )
  return { found: found.sort(), due: due.sort() }
}

function rowOf({ institution, workload }: Move): WorkloadRow {
  const rows = details.get(institution)?.rows ?? []
  return rows.find((row) => row.workload.id === workload)!
}

const registered = () => world.moves.filter(({ workload }) => workload !== null)

test('every workload said to be moved that is still on premises is found, and no other', () => {
  const liars = world.moves.filter(({ truth }) => truth.isOnPremisesByTruth)
  const due = liars.map(({ institution, workload }) => `${institution}/${workload}`)
  const found = findings().found.filter((each) => each.endsWith(' moved_by_word_only'))
  expect(due.length).toBeGreaterThan(4)
  expect(found.map((each) => each.split(' ')[0])).toEqual(due.sort())
})

test('every other falsehood is found too, of every kind, without one false alarm', () => {
  const { found, due } = findings()
  const falseAlarms = found.filter((each) => !due.includes(each))
  const missed = due.filter((each) => !found.includes(each))
  expect({ falseAlarms, missed }).toEqual({ falseAlarms: [], missed: [] })
  expect(found).toEqual(due)
  const kinds = new Set(found.map((each) => each.split(' ')[1]))
  expect([...kinds].sort()).toEqual([...migrationFindingKinds].sort())
})

test('validated is exactly what truly moved, and each state is the true one', () => {
  const found = registered().map((move) => {
    const { state, workload } = rowOf(move)
    return `${move.case}: ${state}${workload.isRolledBack ? ', rolled back' : ''}`
  })
  const due = registered().map(({ truth, ...move }) => {
    return `${move.case}: ${truth.state}${move.case === 'undone' ? ', rolled back' : ''}`
  })
  expect(found).toEqual(due)
})

test('compliance with the hosting policy is what it truly is', () => {
  const kept = (move: Move, status: string) => `${move.case}: ${status}`
  expect(registered().map((move) => kept(move, rowOf(move).compliance.status))).toEqual(
    registered().map((move) => kept(move, move.truth.compliance)),
  )
})

test('done is the weight that truly moved, and nothing else', () => {
  const weightOf = (moves: readonly Move[]) =>
    moves.reduce((sum, move) => sum + rowOf(move).workload.weight, 0)
  const inScope = registered().filter(({ truth }) => truth.state !== 'exempt')
  const done = inScope.filter(({ truth }) => ['validated', 'retired'].includes(truth.state))
  const [weight, doneWeight] = [weightOf(inScope), weightOf(done)]
  expect(nation.weight).toBe(weight)
  expect(nation.done?.percent).toBe((Math.floor((doneWeight * 10_000) / weight) / 100).toFixed(2))
})

test('Prometheus is told the same', async () => {
  const page = (await world.collector.app.inject('/metrics')).body
  const series = new Map(
    readPage(page).flatMap((family) => family.series.map(({ name, value }) => [name, value])),
  )
  const scope = 'scope="nation",institution=""'
  expect(series.get(`istimrar_migration_done_ratio{${scope}}`)).toBe(nation.done?.ratio)
  expect(series.get(`istimrar_migration_planned_ratio{${scope}}`)).toBe(
    nation.schedule?.planned.ratio,
  )
  for (const [kind, count] of Object.entries(nation.findings)) {
    expect(series.get(`istimrar_migration_findings{${scope},kind="${kind}"}`)).toBe(count)
  }
})

test('what nobody registered is proposed, and nothing else', () => {
  const proposed = [...details].flatMap(([institution, { discovered }]) =>
    discovered.map(({ environment }) => `${institution}/${environment}`),
  )
  const unregistered = world.moves.filter(({ workload }) => workload === null)
  const due = unregistered.map((move) => `${move.institution}/${move.hosts[0]?.environment}`)
  expect(due.length).toBeGreaterThan(0)
  expect(proposed.sort()).toEqual(due.sort())
})

test('an auditor computes the same from the evidence alone', async () => {
  for (const [institution, detail] of details) {
    const file = folder.file(`${institution}.jsonl`)
    const reader = sqliteSnapshot(`${world.dataDir}/collector.db`)
    const logKey = readLogKey(`${world.dataDir}/log-key.pem`)
    const whole = { window: null, now: world.clock.at, simulated: false, draft: null, file }
    try {
      await exportEvidence({ reader, institution, logKey, progress: () => {}, ...whole })
    } finally {
      await reader.close()
    }
    const found = await verify({ file, receipts: null, checkpoints: null, progress: () => {} })
    const figures = { migration: { institution: detail.figures } }
    expect(found).toMatchObject({ result: 'ok', figures })
  }
})
