import type { Guarded } from '../kpi/publish-guard.ts'
import type { Evaluated } from './build-snapshot.ts'

/** What the publish guard looks at: no figure of an environment need be worked out for it. */
export function guardedOf({ frame: { cycle, asOf }, nation, institutions }: Evaluated): Guarded {
  const rows = institutions.map(({ row: { id }, environments }) => {
    return { id, environments: environments.map(({ row }) => row) }
  })
  return { cycle, asOf, nation, institutions: rows }
}
