import type { EpochMs, Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { Evaluator } from '../evaluate/evaluator.ts'
import type { EnvironmentRow, InstitutionRow, Snapshot } from '../kpi/snapshot.ts'
import type { Entry } from '../register/difference.ts'
import { parseMaintenanceSubject } from '../register/maintenance-log.ts'
import { parseSubject } from '../register/subject.ts'
import type { Reader } from '../store/sqlite/sqlite.ts'
import { version } from '../version.ts'
import { isWitness } from './leaf.ts'

/** The figures of one institution, as every page and export has them. */
export type Figures = Pick<Snapshot, 'engine' | 'computedAt' | 'asOf' | 'target' | 'windows'> & {
  readonly institution: Pick<InstitutionRow, 'id' | 'stage' | 'continuity'> & {
    readonly isTarget: boolean
  }
  readonly environments: readonly Pick<
    EnvironmentRow,
    | 'id'
    | 'class'
    | 'criticality'
    | 'stage'
    | 'assessed'
    | 'missing'
    | 'inScopeFrom'
    | 'maintenance'
    | 'continuity'
  >[]
}

/**
 * Computes an institution's figures from what concerns it alone, so that whoever has only its
 * evidence gets the same. `window` takes the place of the cycle. Throws AppError `not_found`.
 */
export async function figuresOf(
  reader: Reader,
  institution: string,
  now: EpochMs,
  window: Span | null,
): Promise<Figures> {
  const own = restricted(reader, institution)
  const evaluator = new Evaluator({ reader: own, engine: version, simulated: false })
  const snapshot = (await evaluator.evaluate(now, window))?.snapshot
  const row = snapshot?.institutions.find(({ id }) => id === institution)
  if (!snapshot || !row) throw new AppError('not_found', 'There is no such institution.')
  const { engine, computedAt, asOf, target, windows } = snapshot
  const { id, stage, continuity, target: isTarget } = row
  return {
    ...{ engine, computedAt, asOf, target, windows },
    institution: { id, stage, isTarget, continuity },
    environments: row.environments.map((environment) => ({
      id: environment.id,
      class: environment.class,
      criticality: environment.criticality,
      stage: environment.stage,
      assessed: environment.assessed,
      missing: environment.missing,
      inScopeFrom: environment.inScopeFrom,
      maintenance: environment.maintenance,
      continuity: environment.continuity,
    })),
  }
}

/**
 * What concerns one institution: its own, and the policy that holds for all. What witnesses saw is
 * asked for by the names of their checks, so that it needs no narrowing; that it is news does.
 */
function restricted(reader: Reader, institution: string): Reader {
  const isOwn = (row: { readonly institution: string }) => row.institution === institution
  return {
    ...reader,
    entries: async () => (await reader.entries()).filter((entry) => concerns(entry, institution)),
    checks: async (key) => (await reader.checks(key)).filter(isOwn),
    contacts: async () => (await reader.contacts()).filter(isOwn),
    days: () => reader.days(institution),
    dirtyDays: async () => (await reader.dirtyDays()).filter((row) => isOwn(row) || isWitness(row)),
  }
}

function concerns({ what }: Entry, institution: string): boolean {
  const subject = parseMaintenanceSubject(what) ?? parseSubject(what)
  if (subject && 'institution' in subject) return subject.institution === institution
  return subject?.about === 'setting'
}
