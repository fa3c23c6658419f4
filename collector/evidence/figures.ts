import type { EpochMs, Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { Evaluator } from '../evaluate/evaluator.ts'
import type { Piece } from '../kpi/environment-day.ts'
import type { EnvironmentRow, InstitutionRow, NationRow, Snapshot } from '../kpi/snapshot.ts'
import { parseDeclarationSubject } from '../register/declarations-log.ts'
import type { Entry } from '../register/difference.ts'
import { parseDisputeSubject } from '../register/disputes-log.ts'
import { parseMaintenanceSubject } from '../register/maintenance-log.ts'
import { parseSubject } from '../register/subject.ts'
import type { EnvironmentKey, EvaluationReader } from '../store/store.ts'
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
 * The figures of the nation, no deeper than JSON may nest. Who is heard just now is no part of
 * them: no evidence tells that.
 */
export type NationFigures = Pick<
  Snapshot,
  'engine' | 'computedAt' | 'asOf' | 'target' | 'windows'
> & {
  readonly nation: Pick<NationRow, 'targets' | 'stage' | 'headline'>
  readonly continuity: NationRow['continuity']
  /** Institutions and governorates apart. */
  readonly kinds: readonly {
    readonly kind: InstitutionRow['kind']
    readonly targets: number
    readonly continuity: InstitutionRow['continuity']
  }[]
  readonly institutions: readonly (Pick<
    InstitutionRow,
    'id' | 'kind' | 'name' | 'sector' | 'stage' | 'continuity' | 'worstCritical' | 'worst'
  > & { readonly isTarget: boolean })[]
}

/** Figures with what else follows from the same evaluation. */
export type EvaluatedFigures<F = Figures | NationFigures> = {
  readonly figures: F
  readonly entries: readonly Entry[]
  readonly pieces: (key: EnvironmentKey, window: Span) => readonly Piece[]
}

/**
 * Computes an institution's figures from what concerns it alone, so that whoever has only its
 * evidence gets the same. `window` takes the place of the cycle. Throws AppError `not_found`.
 */
export async function evaluateInstitution(
  reader: EvaluationReader,
  institution: string,
  now: EpochMs,
  window: Span | null,
): Promise<EvaluatedFigures<Figures>> {
  const own = restricted(reader, institution)
  const evaluator = new Evaluator({ reader: own, engine: version, simulated: false })
  const snapshot = (await evaluator.evaluate(now, window))?.snapshot
  const row = snapshot?.institutions.find(({ id }) => id === institution)
  if (!snapshot || !row) throw new AppError('not_found', 'There is no such institution.')
  const { engine, computedAt, asOf, target, windows } = snapshot
  const { id, stage, continuity, target: isTarget } = row
  const figures = {
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
  const entries = await own.entries('figures')
  return { figures, entries, pieces: (key, span) => evaluator.pieces(key, span) }
}

/** The nation's figures from all there is. Throws AppError `not_found` without a register. */
export async function evaluateNation(
  reader: EvaluationReader,
  now: EpochMs,
  window: Span | null,
): Promise<EvaluatedFigures<NationFigures>> {
  const evaluator = new Evaluator({ reader, engine: version, simulated: false })
  const snapshot = (await evaluator.evaluate(now, window))?.snapshot
  if (!snapshot) throw new AppError('not_found', 'There is no register yet.')
  const { engine, computedAt, asOf, target, windows } = snapshot
  const { targets, stage, headline, continuity, byKind } = snapshot.nation
  const figures: NationFigures = {
    ...{ engine, computedAt, asOf, target, windows, continuity },
    nation: { targets, stage, headline },
    kinds: (['institution', 'governorate'] as const).map((kind) => ({ kind, ...byKind[kind] })),
    institutions: snapshot.institutions.map((row) => {
      const { environments: _rows, reporting: _isHeard, lastReportAt: _at, ...rest } = row
      const { target: isTarget, ...told } = rest
      return { ...told, isTarget }
    }),
  }
  const entries = await reader.entries('figures')
  return { figures, entries, pieces: (key, span) => evaluator.pieces(key, span) }
}

/**
 * What concerns one institution: its own, and policy and models, which hold for all. What witnesses saw is
 * asked for by the names of their checks, so that it needs no narrowing; that it is news does.
 */
function restricted(reader: EvaluationReader, institution: string): EvaluationReader {
  const isOwn = (row: { readonly institution: string }) => row.institution === institution
  return {
    ...reader,
    entries: async () => (await reader.entries()).filter((entry) => concerns(entry, institution)),
    checks: async (key) => (await reader.checks(key)).filter(isOwn),
    contacts: async () => (await reader.contacts()).filter(isOwn),
    dirtyDays: async () => (await reader.dirtyDays()).filter((row) => isOwn(row) || isWitness(row)),
  }
}

function concerns({ what }: Entry, institution: string): boolean {
  const asked = parseMaintenanceSubject(what) ?? parseDisputeSubject(what)
  const subject = asked ?? parseDeclarationSubject(what) ?? parseSubject(what)
  if (subject && 'institution' in subject) return subject.institution === institution
  return subject?.about === 'setting' || /^(cycle|model)\//.test(what)
}
