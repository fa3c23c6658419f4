import { sumNames } from '../kpi/environment-day.ts'
import type { SnapshotMigration } from '../kpi/migration/result.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { SnapshotReadiness } from '../kpi/readiness/result.ts'
import { windowNames } from '../kpi/snapshot.ts'
import type { Evaluated, EvaluatedEnvironment, EvaluatedInstitution } from './build-snapshot.ts'

/**
 * What is other than in the evaluation before, to go from one thread to another: what copying it
 * takes follows what changed and not how large the nation is.
 */
export type SnapshotNews = Pick<Evaluated, 'frame' | 'nation'> & {
  /** Null: there is none; undefined: that of before. */
  readonly readiness: ReadinessNews | null | undefined
  /** As readiness. */
  readonly migration: MigrationNews | null | undefined
  /** Null: the institution that was in this place before. */
  readonly institutions: readonly (InstitutionNews | null)[]
}

/** A model is sent where it is another; of institutions those that were scored again. */
type ReadinessNews = Pick<SnapshotReadiness, 'nation'> & {
  readonly model: Model | null
  readonly scored: SnapshotReadiness['institutions']
  /** All of them, in order. */
  readonly ids: readonly string[]
}

/** Of institutions those whose figures are other. */
type MigrationNews = Pick<SnapshotMigration, 'at' | 'nation'> & {
  readonly judged: SnapshotMigration['institutions']
  /** All of them, in order. */
  readonly ids: readonly string[]
}

type InstitutionNews = {
  readonly row: EvaluatedInstitution['row']
  /** Null: the row that was in this place before. */
  readonly rows: readonly (EvaluatedEnvironment['row'] | null)[]
  /** Of each environment since when its state holds, NaN for null, and its sums by window. */
  readonly numbers: Float64Array
}

const numbersEach = 1 + windowNames.length * sumNames.length

/** What `evaluated` tells beyond the evaluation before it, if there was one. */
export function newsOf(evaluated: Evaluated, before: Evaluated | null): SnapshotNews {
  const { frame, nation, institutions, readiness, migration } = evaluated
  return {
    frame,
    nation,
    readiness: readinessNews(readiness, before?.readiness ?? null),
    migration: migrationNews(migration, before?.migration ?? null),
    institutions: institutions.map((institution, i) => {
      const last = before?.institutions[i]
      if (institution === last) return null
      const { row, environments } = institution
      const rows = environments.map((each, k) => {
        return each.row === last?.environments[k]?.row ? null : each.row
      })
      return { row, rows, numbers: numbersOf(environments) }
    }),
  }
}

function readinessNews(
  readiness: SnapshotReadiness | null,
  before: SnapshotReadiness | null,
): SnapshotNews['readiness'] {
  if (readiness === before) return undefined
  if (!readiness) return null
  const { model, nation, institutions } = readiness
  const isModelSame = model === before?.model
  const scored = freshOf(institutions, before?.institutions)
  return { model: isModelSame ? null : model, nation, scored, ids: Object.keys(institutions) }
}

function migrationNews(
  migration: SnapshotMigration | null,
  before: SnapshotMigration | null,
): SnapshotNews['migration'] {
  if (migration === before) return undefined
  if (!migration) return null
  const { at, nation, institutions } = migration
  const judged = freshOf(institutions, before?.institutions)
  return { at, nation, judged, ids: Object.keys(institutions) }
}

type ById<T> = Readonly<Record<string, T>>

function freshOf<T>(all: ById<T>, before: ById<T> | undefined): ById<T> {
  return Object.fromEntries(Object.entries(all).filter(([id, each]) => each !== before?.[id]))
}

function allOf<T>(ids: readonly string[], fresh: ById<T>, before: ById<T> | undefined): ById<T> {
  return Object.fromEntries(ids.map((id) => [id, fresh[id] ?? before![id]!]))
}

function mirroredReadiness(
  { model, nation, scored, ids }: ReadinessNews,
  before: SnapshotReadiness | null,
): SnapshotReadiness {
  const institutions = allOf(ids, scored, before?.institutions)
  return { model: model ?? before!.model, nation, institutions }
}

function mirroredMigration(
  { at, nation, judged, ids }: MigrationNews,
  before: SnapshotMigration | null,
): SnapshotMigration {
  return { at, nation, institutions: allOf(ids, judged, before?.institutions) }
}

/** The evaluations of another thread, put together from news. */
export class MirroredEvaluation {
  #institutions: readonly Mirrored[] = []
  #readiness: SnapshotReadiness | null = null
  #migration: SnapshotMigration | null = null

  /** The evaluation that the news were made of; each piece of news must be taken, in order. */
  take({
    frame,
    nation,
    institutions,
    readiness: scored,
    migration: judged,
  }: SnapshotNews): Evaluated {
    if (scored !== undefined) this.#readiness = scored && mirroredReadiness(scored, this.#readiness)
    if (judged !== undefined) this.#migration = judged && mirroredMigration(judged, this.#migration)
    const readiness = this.#readiness
    const migration = this.#migration
    this.#institutions = institutions.map((news, i) => {
      const last = this.#institutions[i]
      if (!news) return last!
      const rows = news.rows.map((row, k) => row ?? last!.rows[k]!)
      return { row: news.row, rows, numbers: news.numbers }
    })
    const all = this.#institutions.map(evaluatedOf)
    return { frame, nation, readiness, migration, institutions: all }
  }
}

type Mirrored = {
  readonly row: EvaluatedInstitution['row']
  readonly rows: readonly EvaluatedEnvironment['row'][]
  readonly numbers: Float64Array
}

/** Its environments are read when somebody looks: of most evaluations nobody ever does. */
function evaluatedOf({ row, rows, numbers }: Mirrored): EvaluatedInstitution {
  return {
    row,
    get environments() {
      return rows.map((each, i) => ({ row: each, ...timeOf(numbers, i * numbersEach) }))
    },
  }
}

function numbersOf(environments: readonly EvaluatedEnvironment[]): Float64Array {
  const numbers = new Float64Array(environments.length * numbersEach)
  let at = 0
  for (const { since, sums } of environments) {
    numbers[at] = since ?? Number.NaN
    numbers.set(sums, at + 1)
    at += numbersEach
  }
  return numbers
}

function timeOf(
  numbers: Float64Array,
  start: number,
): Pick<EvaluatedEnvironment, 'since' | 'sums'> {
  const since = numbers[start]!
  const sums = [...numbers.subarray(start + 1, start + numbersEach)]
  return { since: Number.isNaN(since) ? null : since, sums }
}
