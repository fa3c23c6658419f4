import type { Criterion, Model } from '../kpi/readiness/model.ts'
import type { DimensionScore, SnapshotReadiness } from '../kpi/readiness/result.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { type Family, family, flag } from './family.ts'

const scoped = ['scope', 'institution'] as const
const bounds = ['low', 'observed', 'high'] as const
const kinds = ['institution', 'governorate'] as const
const enabledStatuses = ['enabled', 'not_enabled', 'unknown'] as const
const verdicts = ['met', 'not_met', 'undetermined'] as const

/** Readiness and the enabled share, of the nation and of institutions; none without a model. */
export const readinessFamilies: readonly Family[] = [
  of(
    'readiness_model_info',
    ['model', 'version', 'hash', 'status'],
    'The readiness model in force; a draft gives no official figure. Always 1.',
    function* ({ model: { id, version, hash, status } }) {
      yield [id, version, hash, status, 1]
    },
  ),
  of(
    'readiness_target_ratio',
    [],
    'The index from which readiness counts as good enough.',
    function* ({ model }) {
      yield [model.targetRatio]
    },
  ),
  named('readiness_level', 'level', 'a level', ({ levels }) => levels),
  named('readiness_dimension', 'dimension', 'a dimension', ({ dimensions }) => dimensions),
  named('readiness_indicator', 'indicator', 'an indicator', ({ dimensions }) =>
    dimensions.flatMap(({ indicators }) => indicators),
  ),
  named('enabled_criterion', 'criterion', 'a criterion', ({ enabled }) => enabled),
  of(
    'readiness_ratio',
    [...scoped, 'bound'],
    'Readiness index; NaN where there is none. Automatic measurement, not the official result.',
    function* (readiness) {
      for (const { labels, index } of scopes(readiness)) {
        for (const bound of bounds) yield [...labels, bound, index?.[bound]?.ratio ?? Number.NaN]
      }
    },
  ),
  of(
    'readiness_verdict',
    [...scoped, 'verdict'],
    '1 for the verdict on the readiness index, else 0.',
    function* (readiness) {
      for (const { labels, index } of scopes(readiness)) {
        for (const verdict of verdicts) yield [...labels, verdict, flag(index?.verdict === verdict)]
      }
    },
  ),
  of(
    'readiness_measured_ratio',
    ['institution'],
    'Share of the weight that is measured, of what applies.',
    function* ({ institutions }) {
      for (const [id, { measured }] of Object.entries(institutions)) yield [id, measured.ratio]
    },
  ),
  of(
    'readiness_dimension_ratio',
    [...scoped, 'dimension', 'bound'],
    'Score of a dimension: proven, and possible.',
    function* (readiness) {
      for (const { labels, dimensions } of scopes(readiness)) {
        for (const { id, low, high } of dimensions) {
          yield [...labels, id, 'low', low.ratio]
          yield [...labels, id, 'high', high.ratio]
        }
      }
    },
  ),
  of(
    'readiness_level',
    ['institution', 'level'],
    '1 for the level that is proven, gates applied, else 0; being_set_up stands before it.',
    function* ({ model, institutions }) {
      for (const [id, { level }] of Object.entries(institutions)) {
        const shown = level?.low ?? 'being_set_up'
        for (const each of [...model.levels.map((level) => level.id), 'being_set_up']) {
          yield [id, each, flag(each === shown)]
        }
      }
    },
  ),
  of(
    'readiness_institutions_level',
    ['level'],
    'Members by level, or being set up.',
    function* ({ nation }) {
      for (const { level, members } of nation.levels) yield [level ?? 'being_set_up', members]
    },
  ),
  of(
    'readiness_gate_units',
    ['institution', 'indicator', 'is'],
    'Hosts, environments or institutions by which a gate holds the level down, or may do so.',
    function* ({ model, institutions }) {
      const gated = model.dimensions.flatMap(({ indicators }) => {
        return indicators.filter(({ gate }) => gate !== null)
      })
      for (const [id, { gates }] of Object.entries(institutions)) {
        for (const { id: indicator } of gated) {
          for (const is of ['fired', 'not_ruled_out'] as const) {
            const units = gates.filter((gate) => gate.indicator === indicator && gate.is === is)
            yield [id, indicator, is, units.length]
          }
        }
      }
    },
  ),
  of(
    'kind_readiness_ratio',
    ['kind', 'bound'],
    'Readiness index of institutions and of governorates apart; NaN without any.',
    function* ({ nation }) {
      for (const kind of kinds) {
        for (const bound of bounds) {
          yield [kind, bound, nation.byKind[kind]?.[bound]?.ratio ?? Number.NaN]
        }
      }
    },
  ),
  of(
    'enabled_ratio',
    ['bound'],
    'Share of members that are digitally enabled: proven, and possible; NaN without members.',
    function* ({ nation: { enabled } }) {
      yield ['low', enabled.low?.ratio ?? Number.NaN]
      yield ['high', enabled.high?.ratio ?? Number.NaN]
    },
  ),
  of(
    'enabled_institutions',
    ['status'],
    'Members by whether they are digitally enabled; waived ones are among not_enabled or unknown.',
    function* ({ nation: { enabled } }) {
      yield ['enabled', enabled.enabled]
      yield ['not_enabled', enabled.notEnabled]
      yield ['unknown', enabled.unknown]
      yield ['waived', enabled.waived]
    },
  ),
  of(
    'enabled',
    ['institution', 'status'],
    '1 for whether the institution is digitally enabled, else 0.',
    function* ({ institutions }) {
      for (const [id, { enabled }] of Object.entries(institutions)) {
        for (const status of enabledStatuses) yield [id, status, flag(status === enabled.status)]
      }
    },
  ),
  of(
    'enabled_criterion_passed',
    ['institution', 'criterion'],
    '1 when a criterion passes, 0 when it fails or is waived, NaN while that is unknown.',
    function* ({ institutions }) {
      for (const [institution, { enabled }] of Object.entries(institutions)) {
        for (const { id, status } of enabled.criteria) {
          yield [institution, id, status === 'unknown' ? Number.NaN : flag(status === 'pass')]
        }
      }
    },
  ),
]

/** A family of what a snapshot carries of readiness; empty where that is nothing. */
function of<const Labels extends readonly string[]>(
  name: string,
  labels: Labels,
  help: string,
  samples: (
    readiness: SnapshotReadiness,
  ) => Iterable<readonly [...{ readonly [Index in keyof Labels]: string }, number]>,
): Family {
  return family(name, labels, help, ({ readiness }: Snapshot) =>
    readiness ? samples(readiness) : [],
  )
}

/** The names that the model gives something: ids alone tell a reader nothing. */
function named<Label extends string>(
  name: string,
  label: Label,
  what: string,
  all: (model: Model) => readonly Pick<Criterion, 'id' | 'label'>[],
): Family {
  return of(
    `${name}_info`,
    [label, 'name_en', 'name_ar'],
    `The names of ${what} of the readiness model in force; always 1.`,
    function* ({ model }) {
      for (const { id, label } of all(model)) yield [id, label.en, label.ar, 1]
    },
  )
}

type Scope = {
  readonly labels: readonly [scope: string, institution: string]
  readonly index: SnapshotReadiness['nation']['index']
  readonly dimensions: readonly Pick<DimensionScore, 'id' | 'low' | 'high'>[]
}

function* scopes({ nation, institutions }: SnapshotReadiness): Iterable<Scope> {
  yield { labels: ['nation', ''], index: nation.index, dimensions: nation.dimensions }
  for (const [id, { index, dimensions }] of Object.entries(institutions)) {
    yield { labels: ['institution', id], index, dimensions }
  }
}
