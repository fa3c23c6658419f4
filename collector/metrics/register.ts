import { states } from '../../protocol/check.ts'
import { windowNames } from '../kpi/snapshot.ts'
import { environmentsOf, type Family, family, flag, place, seconds } from './family.ts'

const shownStates = [...states, 'maintenance', 'not_in_scope'] as const

/** What the figures are of: the cycle, the institutions and the environments. */
export const registerFamilies: readonly Family[] = [
  family(
    'snapshot_info',
    ['engine', 'cycle', 'timezone'],
    'What the figures were computed with and for; always 1.',
    function* ({ engine, cycle, timezone }) {
      yield [engine, cycle.id, timezone, 1]
    },
  ),
  family('simulated', [], '1 when the data are of a synthetic nation.', function* ({ simulated }) {
    yield [flag(simulated)]
  }),
  family(
    'as_of_timestamp_seconds',
    [],
    'The end of every window: what happened later is not in the figures.',
    function* ({ asOf }) {
      yield [seconds(asOf)]
    },
  ),
  family(
    'evaluation_timestamp_seconds',
    [],
    'When the figures were computed.',
    function* ({ computedAt }) {
      yield [seconds(computedAt)]
    },
  ),
  family('cycle_start_timestamp_seconds', [], 'Start of the running cycle.', function* ({ cycle }) {
    yield [seconds(cycle.from)]
  }),
  family('cycle_end_timestamp_seconds', [], 'End of the running cycle.', function* ({ cycle }) {
    yield [seconds(cycle.to)]
  }),
  family('institutions_target', [], 'Target institutions.', function* ({ nation }) {
    yield [nation.targets]
  }),
  family(
    'institutions_reporting',
    [],
    'Target institutions heard in the five minutes before the evaluation.',
    function* ({ nation }) {
      yield [nation.reporting]
    },
  ),
  family(
    'institutions_with_evidence',
    ['window'],
    'Target institutions with evidence in the window.',
    function* ({ nation }) {
      for (const window of windowNames) yield [window, nation.continuity[window].withEvidence]
    },
  ),
  family(
    'institution_info',
    ['institution', 'kind', 'sector', 'name_en', 'name_ar'],
    'The names of an institution; always 1.',
    function* ({ institutions }) {
      for (const { id, kind, sector, name } of institutions) {
        yield [id, kind, sector ?? '', name.en, name.ar, 1]
      }
    },
  ),
  family(
    'institution_target',
    ['institution'],
    '1 for a member of the population of the continuity KPI.',
    function* ({ institutions }) {
      for (const { id, target } of institutions) yield [id, flag(target)]
    },
  ),
  family(
    'institution_reporting',
    ['institution'],
    '1 for an institution heard in the five minutes before the evaluation, else 0.',
    function* ({ institutions }) {
      for (const { id, reporting } of institutions) yield [id, flag(reporting)]
    },
  ),
  family(
    'institution_last_report_timestamp_seconds',
    ['institution'],
    'Last message of any agent of the institution; NaN before the first.',
    function* ({ institutions }) {
      for (const { id, lastReportAt } of institutions) yield [id, seconds(lastReportAt)]
    },
  ),
  family(
    'environment_info',
    [...place, 'class', 'criticality', 'provider', 'name_en', 'name_ar'],
    'The names and traits of a hosting environment; always 1.',
    function* (snapshot) {
      for (const [institution, row] of environmentsOf(snapshot)) {
        const { id, criticality, provider, name } = row
        yield [institution, id, row.class, criticality, provider ?? '', name.en, name.ar, 1]
      }
    },
  ),
  family(
    'environment_state',
    [...place, 'state'],
    '1 for the state the environment is in as last sealed, else 0.',
    function* (snapshot) {
      for (const [institution, row] of environmentsOf(snapshot)) {
        for (const state of shownStates) {
          yield [institution, row.id, state, flag(state === row.state)]
        }
      }
    },
  ),
  family(
    'environment_state_since_timestamp_seconds',
    place,
    'When that state began; NaN when unknown from the start.',
    function* (snapshot) {
      for (const [institution, { id, since }] of environmentsOf(snapshot)) {
        yield [institution, id, seconds(since)]
      }
    },
  ),
  family(
    'environment_assessed',
    place,
    '0 below the minimum profile of checks of its class: low 0, high 1.',
    function* (snapshot) {
      for (const [institution, { id, assessed }] of environmentsOf(snapshot)) {
        yield [institution, id, flag(assessed)]
      }
    },
  ),
]
