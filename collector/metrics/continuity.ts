import { causes } from '../kpi/causes.ts'
import type { FrozenCycle } from '../kpi/cycle-figures.ts'
import {
  auditFlags,
  type Figure,
  outcomes,
  type Snapshot,
  type Stage,
  type TimeSums,
  type WindowName,
  windowNames,
} from '../kpi/snapshot.ts'
import { environmentsOf, type Family, family, flag, place } from './family.ts'

const scoped = ['scope', ...place] as const
const bounds = ['low', 'observed', 'high'] as const
const aggregations = ['pooled', 'mean', 'reporting'] as const
const kinds = ['institution', 'governorate'] as const
const verdicts = ['met', 'not_met', 'undetermined'] as const
const shownVerdicts = [...verdicts, 'being_set_up'] as const
const timeStates = ['up', 'degraded', 'down', 'unknown', 'maintenance', 'centre'] as const

/** Continuity of nation, institutions and environments. */
export const continuityFamilies: readonly Family[] = [
  family(
    'continuity_ratio',
    [...scoped, 'window', 'bound'],
    'Continuity of hosting environments; NaN when nothing was in scope.',
    function* (snapshot, { frozen }) {
      for (const { labels, window, figure } of figuresOf(snapshot, frozen)) {
        for (const bound of bounds) yield [...labels, window, bound, ratio(figure, bound)]
      }
    },
  ),
  family(
    'continuity_coverage_ratio',
    [...scoped, 'window'],
    'Share of the time in scope that is known; 0 without any, NaN for a mean of institutions.',
    function* (snapshot, { frozen }) {
      for (const { labels, window, figure } of figuresOf(snapshot, frozen)) {
        const { low, coverage } = figure
        yield [...labels, window, low === null ? 0 : (coverage?.ratio ?? Number.NaN)]
      }
    },
  ),
  family(
    'continuity_own_fault_ratio',
    [...scoped, 'window', 'bound'],
    'Continuity with external down time counted as good; NaN without one. Environments: the cycle.',
    function* (snapshot, { frozen }) {
      for (const { labels, window, figure } of figuresOf(snapshot, frozen)) {
        if (labels[0] === 'environment' && window !== 'cycle') continue
        for (const bound of ['low', 'high'] as const) {
          yield [...labels, window, bound, figure.ownFault?.[bound].ratio ?? Number.NaN]
        }
      }
    },
  ),
  family(
    'continuity_verdict',
    [...scoped, 'window', 'verdict'],
    '1 for the verdict, else 0; being_set_up stands before it. Environments: the cycle only.',
    function* (snapshot, { frozen }) {
      for (const { labels, window, figure, stage } of figuresOf(snapshot, frozen)) {
        if (labels[0] === 'environment' && window !== 'cycle') continue
        const shown = stage === 'being_set_up' ? stage : figure.verdict
        for (const verdict of shownVerdicts) {
          yield [...labels, window, verdict, flag(verdict === shown)]
        }
      }
    },
  ),
  family(
    'continuity_target_ratio',
    [],
    'The target that the verdicts are against.',
    function* ({ target }) {
      yield [target.ratio]
    },
  ),
  family(
    'nation_continuity_ratio',
    ['aggregation', 'window', 'bound'],
    'The national figure pooled, as mean of institutions, and of those with evidence only.',
    function* ({ nation }) {
      for (const aggregation of aggregations) {
        for (const window of windowNames) {
          const figure = nation.continuity[window][aggregation]
          for (const bound of bounds) yield [aggregation, window, bound, ratio(figure, bound)]
        }
      }
    },
  ),
  family(
    'kind_continuity_ratio',
    ['kind', 'window', 'bound'],
    'Continuity of institutions and of governorates apart.',
    function* ({ nation }) {
      for (const kind of kinds) {
        for (const window of windowNames) {
          const figure = nation.byKind[kind].continuity[window]
          for (const bound of bounds) yield [kind, window, bound, ratio(figure, bound)]
        }
      }
    },
  ),
  family(
    'provider_continuity_ratio',
    ['provider', 'window', 'bound'],
    'Continuity of the environments of target institutions at one hosting provider, pooled.',
    function* ({ nation }) {
      for (const { provider, continuity } of nation.byProvider) {
        for (const window of windowNames) {
          for (const bound of bounds) {
            yield [provider, window, bound, ratio(continuity[window], bound)]
          }
        }
      }
    },
  ),
  family(
    'provider_environments',
    ['provider'],
    'Environments of target institutions at one hosting provider.',
    function* ({ nation }) {
      for (const { provider, environments } of nation.byProvider) yield [provider, environments]
    },
  ),
  family(
    'institutions_verdict',
    ['window', 'verdict'],
    'Target institutions by verdict, or by why none is shown.',
    function* ({ nation }) {
      for (const window of windowNames) {
        for (const verdict of outcomes) {
          yield [window, verdict, nation.continuity[window].verdicts[verdict]]
        }
      }
    },
  ),
  family(
    'continuity_audit_flag',
    [...scoped, 'flag'],
    '1 when an auditor should look at the figure: much excluded, or lost by the centre.',
    function* (snapshot) {
      for (const { labels, figure } of scopes(snapshot)) {
        for (const each of auditFlags) {
          yield [...labels, each, flag(figure('cycle').flags.includes(each))]
        }
      }
    },
  ),
  family(
    'maintenance_used_ratio',
    place,
    'Approved maintenance of the cycle over its quota, also what is to come; NaN without a quota.',
    function* (snapshot) {
      for (const [institution, { id, maintenance }] of environmentsOf(snapshot)) {
        const { usedMs, quotaMs } = maintenance
        yield [institution, id, quotaMs === 0 ? Number.NaN : usedMs / quotaMs]
      }
    },
  ),
  family(
    'lost_seconds',
    [...place, 'cause', 'state'],
    'Net time lost in the running cycle by cause; no series for a cause that took none.',
    function* (snapshot) {
      for (const [institution, { id, lost }] of environmentsOf(snapshot)) {
        for (const cause of causes) {
          const { downMs = 0, unknownMs = 0 } = lost[cause] ?? {}
          if (downMs > 0) yield [institution, id, cause, 'down', downMs / 1000]
          if (unknownMs > 0) yield [institution, id, cause, 'unknown', unknownMs / 1000]
        }
      }
    },
  ),
  family(
    'environment_cycle_seconds',
    [...place, 'state'],
    'Time of the running cycle by state; maintenance and centre have left the denominator.',
    function* (snapshot) {
      for (const [institution, { id, continuity }] of environmentsOf(snapshot)) {
        for (const state of timeStates) {
          yield [institution, id, state, timeIn(continuity.cycle.sums, state)]
        }
      }
    },
  ),
]

type Scope = {
  readonly labels: readonly [scope: string, institution: string, environment: string]
  readonly stage: Stage
  readonly figure: (window: WindowName) => Figure
}

function* scopes({ nation, institutions }: Snapshot): Iterable<Scope> {
  const headline = (window: WindowName) => nation.continuity[window][nation.headline]
  yield { labels: ['nation', '', ''], stage: nation.stage, figure: headline }
  for (const { id, stage, continuity, environments } of institutions) {
    yield { labels: ['institution', id, ''], stage, figure: (window) => continuity[window] }
    for (const environment of environments) {
      yield {
        labels: ['environment', id, environment.id],
        stage: environment.stage,
        figure: (window) => environment.continuity[window],
      }
    }
  }
}

type WindowFigure = Pick<Scope, 'labels' | 'stage'> & {
  /** A window of the snapshot, or the id of a frozen cycle. */
  readonly window: string
  readonly figure: Figure
}

/** The figures of every window; frozen cycles of the nation and of institutions. */
function* figuresOf(snapshot: Snapshot, frozen: readonly FrozenCycle[]): Iterable<WindowFigure> {
  for (const { labels, stage, figure } of scopes(snapshot)) {
    for (const window of windowNames) yield { labels, stage, window, figure: figure(window) }
  }
  for (const { cycle, nation, institutions } of frozen) {
    yield { labels: ['nation', '', ''], window: cycle.id, ...nation }
    for (const [id, own] of Object.entries(institutions)) {
      yield { labels: ['institution', id, ''], window: cycle.id, ...own }
    }
  }
}

function ratio(figure: Figure, bound: (typeof bounds)[number]): number {
  return figure[bound]?.ratio ?? Number.NaN
}

function timeIn(sums: TimeSums | null, state: (typeof timeStates)[number]): number {
  return sums === null ? Number.NaN : sums[`${state}Ms`] / 1000
}
