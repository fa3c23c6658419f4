import type { EpochMs, Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { Evaluator } from '../evaluate/evaluator.ts'
import type { Piece } from '../kpi/environment-day.ts'
import type {
  MigrationDetail,
  MigrationFigures,
  SnapshotMigration,
} from '../kpi/migration/result.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type {
  IndicatorRow,
  InstitutionReadiness,
  ModelMark,
  NationReadiness,
  SnapshotReadiness,
} from '../kpi/readiness/result.ts'
import type { EnvironmentRow, InstitutionRow, NationRow, Snapshot } from '../kpi/snapshot.ts'
import { parseDeclarationSubject } from '../register/declarations-log.ts'
import type { Entry } from '../register/difference.ts'
import { parseDisputeSubject } from '../register/disputes-log.ts'
import { parseMaintenanceSubject } from '../register/maintenance-log.ts'
import { parseRoadmapSubject } from '../register/migration-log.ts'
import { parseMigrationMonthSubject } from '../register/migration-months.ts'
import { formatSubject, parseSubject } from '../register/subject.ts'
import { parseWorkloadSubject } from '../register/workloads-log.ts'
import type { EnvironmentKey, EvaluationReader } from '../store/store.ts'
import { version } from '../version.ts'
import { isWitness } from './leaf.ts'

/** The model behind readiness, and all of it as JSON: it nests deeper than figures may. */
type UsedModel = { readonly model: ModelMark; readonly rules: string }

/**
 * An institution that was not in the register at the end of the window: it joined later, or left.
 * It has evidence, and no figures.
 */
export type Unregistered = { readonly id: string; readonly isRegistered: false }

/** The figures of one institution, as every page and export has them. */
export type Figures = Pick<Snapshot, 'engine' | 'computedAt' | 'asOf' | 'target' | 'windows'> & {
  /** As of the end of the cycle's window; absent where no model is known. */
  readonly readiness?: UsedModel & { readonly institution: InstitutionReadiness }
  /** As of the same instant; absent where it has no workload. */
  readonly migration?: Pick<SnapshotMigration, 'at'> & { readonly institution: MigrationFigures }
  readonly institution:
    | (Pick<InstitutionRow, 'id' | 'stage' | 'continuity'> & { readonly isTarget: boolean })
    | Unregistered
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
  readonly readiness?: UsedModel &
    Pick<SnapshotReadiness, 'institutions'> & {
      readonly nation: NationReadiness
    }
  readonly migration?: SnapshotMigration
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
  /** What an institution's readiness is made of; none without a model, and of the nation. */
  readonly indicators: readonly IndicatorRow[]
  /** What an institution's migration is made of; null without a workload, and of the nation. */
  readonly migration: MigrationDetail | null
  readonly entries: readonly Entry[]
  readonly pieces: (key: EnvironmentKey, window: Span) => readonly Piece[]
}

/**
 * Computes an institution's figures from what concerns it alone, so that whoever has only its
 * evidence gets the same. `window` takes the place of the cycle; `draft` holds for readiness while
 * no model is approved. Throws AppError `not_found` for what never was in the register.
 */
export async function evaluateInstitution(
  reader: EvaluationReader,
  institution: string,
  now: EpochMs,
  window: Span | null,
  draft: Model | null,
): Promise<EvaluatedFigures<Figures>> {
  const own = restricted(reader, institution)
  const subject = { about: 'institution', institution } as const
  const evaluator = evaluatorOf(own, draft)
  const evaluated = await evaluatedWhole(evaluator, now, window)
  const entries = await own.entries('figures')
  if (!evaluated || !entries.some(({ what }) => what === formatSubject(subject))) {
    throw new AppError('not_found', 'There is no such institution.')
  }
  const { snapshot } = evaluated
  const { engine, computedAt, asOf, target, windows, readiness, migration } = snapshot
  const pieces = (key: EnvironmentKey, span: Span) => evaluator.pieces(key, span)
  const row = snapshot.institutions.find(({ id }) => id === institution)
  if (!row) {
    const none = {
      institution: { id: institution, isRegistered: false as const },
      environments: [],
    }
    const figures = { engine, computedAt, asOf, target, windows, ...none }
    return { figures, indicators: [], migration: null, entries, pieces }
  }
  const { id, stage, continuity, target: isTarget } = row
  const figures = {
    ...{ engine, computedAt, asOf, target, windows },
    ...(readiness && {
      readiness: { ...usedModel(readiness), institution: readiness.institutions[id]! },
    }),
    ...(migration?.institutions[id] && {
      migration: { at: migration.at, institution: migration.institutions[id] },
    }),
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
  const indicators = (await evaluated.readiness?.detail(id))?.indicators ?? []
  const moves = figures.migration ? await evaluated.migration!.detail(id) : null
  return { figures, indicators, migration: moves, entries, pieces }
}

/** The nation's figures from all there is. Throws AppError `not_found` without a register. */
export async function evaluateNation(
  reader: EvaluationReader,
  now: EpochMs,
  window: Span | null,
  draft: Model | null,
): Promise<EvaluatedFigures<NationFigures>> {
  const evaluator = evaluatorOf(reader, draft)
  const snapshot = (await evaluatedWhole(evaluator, now, window))?.snapshot
  if (!snapshot) throw new AppError('not_found', 'There is no register yet.')
  const { engine, computedAt, asOf, target, windows, readiness, migration } = snapshot
  const { targets, stage, headline, continuity, byKind } = snapshot.nation
  const figures: NationFigures = {
    ...{ engine, computedAt, asOf, target, windows, continuity },
    ...(readiness && {
      readiness: {
        ...usedModel(readiness),
        nation: readiness.nation,
        institutions: readiness.institutions,
      },
    }),
    ...(migration && { migration }),
    nation: { targets, stage, headline },
    kinds: (['institution', 'governorate'] as const).map((kind) => ({ kind, ...byKind[kind] })),
    institutions: snapshot.institutions.map((row) => {
      const { environments: _rows, reporting: _isHeard, lastReportAt: _at, ...rest } = row
      const { target: isTarget, ...told } = rest
      return { ...told, isTarget }
    }),
  }
  const entries = await reader.entries('figures')
  const pieces = (key: EnvironmentKey, span: Span) => evaluator.pieces(key, span)
  return { figures, indicators: [], migration: null, entries, pieces }
}

function evaluatorOf(reader: EvaluationReader, draft: Model | null): Evaluator {
  const options = { reader, engine: version, simulated: false }
  return new Evaluator({ ...options, ...(draft && { defaultModel: draft }) })
}

/**
 * With readiness as of the end of the window, which days that ended decide: who is heard just now,
 * and what was told last, is of the moment, and whoever verifies has another.
 */
async function evaluatedWhole(evaluator: Evaluator, now: EpochMs, window: Span | null) {
  const first = window ? null : await evaluator.evaluate(now, null, false, false)
  const whole = window ?? first?.snapshot.windows.cycle
  return whole ? evaluator.evaluate(now, whole, false, true) : null
}

function usedModel({ model }: SnapshotReadiness): UsedModel {
  const { id, version: number, hash, status } = model
  return { model: { id, version: number, hash, status }, rules: JSON.stringify(model) }
}

/**
 * The model that figures say they were computed with, where that is a draft: an approved one stands
 * in the log, and nobody is believed. Its shape is not known. Throws SyntaxError.
 */
export function draftOf(figures: object): Model | null {
  const { readiness } = figures as { readonly readiness?: { readonly rules?: unknown } }
  if (typeof readiness?.rules !== 'string') return null
  const model = JSON.parse(readiness.rules) as Model | null
  return model?.status === 'draft' ? model : null
}

/**
 * What concerns one institution: its own, and the policy and the models, which hold for all. What
 * witnesses saw is asked for by the names of their checks, so that it needs no narrowing; that it
 * is news does.
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
  const roadmap = parseRoadmapSubject(what)
  if (roadmap) return roadmap.institution === institution
  const month = parseMigrationMonthSubject(what)
  if (month) return month.whose === institution
  const asked = parseMaintenanceSubject(what) ?? parseDisputeSubject(what)
  const declared = parseDeclarationSubject(what) ?? parseWorkloadSubject(what)
  const subject = asked ?? declared ?? parseSubject(what)
  if (subject && 'institution' in subject) return subject.institution === institution
  return subject?.about === 'setting' || /^(cycle|model)\//.test(what)
}
