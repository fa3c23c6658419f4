import type { FrozenCycle } from '../kpi/cycle-figures.ts'
import { type Family, family, seconds } from './family.ts'

const scoped = ['scope', 'institution', 'window'] as const
const bounds = ['low', 'observed', 'high'] as const

/** Frozen cycles: their continuity stands in `continuity_ratio` with the cycle as its window. */
export const frozenFamilies: readonly Family[] = [
  of(
    'frozen_cycle_info',
    ['window', 'name', 'revision'],
    'A frozen cycle and its newest revision; always 1.',
    function* ({ cycle: { id, name }, revision }) {
      yield [id, name, String(revision), 1]
    },
  ),
  of(
    'frozen_cycle_start_timestamp_seconds',
    ['window'],
    'Start of a frozen cycle.',
    function* ({ cycle: { id, from } }) {
      yield [id, seconds(from)]
    },
  ),
  of(
    'frozen_cycle_end_timestamp_seconds',
    ['window'],
    'End of a frozen cycle.',
    function* ({ cycle: { id, to } }) {
      yield [id, seconds(to)]
    },
  ),
  of(
    'frozen_readiness_ratio',
    [...scoped, 'bound'],
    'Readiness index as it was frozen; no series where no approved model was part of the cycle.',
    function* ({ cycle, readiness }) {
      for (const [labels, index] of readiness) {
        for (const bound of bounds) {
          yield [...labels, cycle.id, bound, index?.[bound]?.ratio ?? Number.NaN]
        }
      }
    },
  ),
  of(
    'frozen_enabled_ratio',
    ['window', 'bound'],
    'Share of members digitally enabled as it was frozen; no series without a model.',
    function* ({ cycle, enabled }) {
      if (!enabled) return
      yield [cycle.id, 'low', enabled.low?.ratio ?? Number.NaN]
      yield [cycle.id, 'high', enabled.high?.ratio ?? Number.NaN]
    },
  ),
  of(
    'frozen_migration_done_ratio',
    scoped,
    'Share of workloads moved as it was frozen; no series where none was registered.',
    function* ({ cycle, migration }) {
      for (const [labels, done] of migration) {
        yield [...labels, cycle.id, done?.ratio ?? Number.NaN]
      }
    },
  ),
]

/** A family of what each frozen cycle holds. */
function of<const Labels extends readonly string[]>(
  name: string,
  labels: Labels,
  help: string,
  samples: (
    cycle: FrozenCycle,
  ) => Iterable<readonly [...{ readonly [Index in keyof Labels]: string }, number]>,
): Family {
  return family(name, labels, help, function* (_snapshot, { frozen }) {
    for (const cycle of frozen) yield* samples(cycle)
  })
}
