import { isDeepStrictEqual } from 'node:util'
import type { Workload } from '../kpi/migration/workload.ts'

/** One field that is another one afterwards. */
export type FieldChange = {
  readonly field: string
  readonly before: Workload[keyof Workload]
  readonly after: Workload[keyof Workload]
}

/** What an import would do, workload by workload. */
export type ImportDifference = {
  readonly added: readonly Workload[]
  readonly changed: readonly { readonly id: string; readonly fields: readonly FieldChange[] }[]
  /** Ids that stand as the file has them. */
  readonly unchanged: readonly string[]
  /** Ids that the file does not name: they stay as they are. */
  readonly absent: readonly string[]
}

/**
 * What becomes of an institution's workloads where those of a file are put. `asked` are the ids
 * that the file names, `changes` what the rules made of them.
 */
export function importDifference(
  known: readonly Workload[],
  asked: readonly string[],
  changes: readonly { readonly before: Workload | null; readonly after: Workload }[],
): ImportDifference {
  const named = new Set(asked)
  const touched = new Set(changes.map(({ after }) => after.id))
  return {
    added: changes.flatMap(({ before, after }) => (before ? [] : [after])),
    changed: changes.flatMap(({ before, after }) =>
      before ? [{ id: after.id, fields: changesOf(before, after) }] : [],
    ),
    unchanged: asked.filter((id) => !touched.has(id)),
    absent: known.map(({ id }) => id).filter((id) => !named.has(id)),
  }
}

/** Fields in which two forms of one workload differ. */
export function changesOf(before: Workload, after: Workload): FieldChange[] {
  const names = Object.keys(after) as (keyof Workload)[] // a workload has its own fields only
  return names
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }))
}
