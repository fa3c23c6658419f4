import type { Snapshot } from '../kpi/snapshot.ts'
import { type Frame, visibleTo } from '../web/frame.ts'
import type { NationMigrationView } from '../web/pages/migration.ts'
import type { OwnedRow } from '../web/parts/migration-lists.ts'
import type { Views } from './views.ts'

/** Institutions whose workloads are looked through for one page, those with the most first. */
const institutionsMax = 100

/**
 * The curve and the waves of the nation, and who is late or blocked among those the account may
 * see.
 */
export async function nationMigrationView(
  frame: Frame,
  snapshot: Snapshot,
  views: Pick<Views, 'migration'>,
): Promise<NationMigrationView> {
  const { migration } = snapshot
  if (!migration) return { curve: [], waves: [], rows: [] }
  const waiting = visibleTo(frame.account, snapshot)
    .flatMap((institution) => {
      const own = Object.hasOwn(migration.institutions, institution.id)
        ? migration.institutions[institution.id]
        : undefined
      const n = (own?.late ?? 0) + (own?.blocked ?? 0)
      return n > 0 ? [{ institution, n }] : []
    })
    .toSorted((a, b) => b.n - a.n)
    .slice(0, institutionsMax)
  const [nation, ...rows] = await Promise.all([
    views.migration(null),
    ...waiting.map(({ institution }) => views.migration(institution.id)),
  ])
  const needed = rows.flatMap((detail, i): OwnedRow[] => {
    const { institution } = waiting[i]!
    return (detail?.rows ?? [])
      .filter(({ isLate, workload }) => isLate || workload.blocked)
      .map((row) => ({ institution, row }))
  })
  return { curve: nation?.curve ?? [], waves: nation?.waves ?? [], rows: needed }
}
