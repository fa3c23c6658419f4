import { states, valueUnits } from '../../protocol/check.ts'
import type { CheckRow, EnvironmentRow, Snapshot } from '../kpi/snapshot.ts'
import { agentStatuses } from '../store/store.ts'
import {
  type ChecksOf,
  environmentsOf,
  type Family,
  family,
  flag,
  place,
  seconds,
} from './family.ts'

const agentLabels = [...place, 'agent'] as const
const checkLabels = [...place, 'check', 'kind'] as const

/** Agents and checks. */
export const hostFamilies: readonly Family[] = [
  family(
    'agent_info',
    [...agentLabels, 'name', 'version', 'status'],
    'The name, version and status of an agent; always 1.',
    function* (snapshot) {
      for (const [labels, { name, version, status }] of agents(snapshot)) {
        yield [...labels, name, version ?? '', status, 1]
      }
    },
  ),
  family(
    'agent_last_report_timestamp_seconds',
    agentLabels,
    'Last message of the agent; NaN before the first.',
    function* (snapshot) {
      for (const [labels, { lastReportAt }] of agents(snapshot)) {
        yield [...labels, seconds(lastReportAt)]
      }
    },
  ),
  family(
    'agent_silent',
    agentLabels,
    '1 when the agent was not heard for five minutes.',
    function* (snapshot) {
      for (const [labels, { silent }] of agents(snapshot)) yield [...labels, flag(silent)]
    },
  ),
  family(
    'agents',
    ['institution', 'status'],
    'Agents of an institution by status; a quarantined one counts for nothing until released.',
    function* ({ institutions }) {
      for (const { id, environments } of institutions) {
        const rows = environments.flatMap(({ agents }) => agents)
        for (const status of agentStatuses) {
          yield [id, status, rows.filter((row) => row.status === status).length]
        }
      }
    },
  ),
  family(
    'agent_contested_messages',
    agentLabels,
    'Messages kept aside of an agent in quarantine, which count for nothing; no series of others.',
    function* (snapshot, { contested }) {
      for (const [labels, { agent, status }] of agents(snapshot)) {
        const count = contested.get(agent) ?? 0
        if (count > 0 || status === 'quarantined') yield [...labels, count]
      }
    },
  ),
  family(
    'agent_clock_class',
    [...agentLabels, 'class'],
    '1 for how the newest batch was dated: A by this boot, B by an earlier one, C not (unknown).',
    function* (snapshot, { clockClasses }) {
      for (const [labels, { agent }] of agents(snapshot)) {
        const found = clockClasses.get(agent)
        if (found) yield [...labels, found, 1]
      }
    },
  ),
  family(
    'agent_spooled_messages',
    agentLabels,
    'Messages the agent still had to deliver when last heard.',
    function* (snapshot) {
      for (const [labels, { spooledMessages }] of agents(snapshot)) {
        yield [...labels, spooledMessages]
      }
    },
  ),
  family(
    'environment_checks',
    [...place, 'state'],
    'Checks of an environment by state as last sealed.',
    function* (snapshot, { checksOf }) {
      for (const [institution, { id }] of environmentsOf(snapshot)) {
        const shown = checksOf({ institution, environment: id }).filter(isShown)
        for (const state of states) {
          const count = shown.filter((check) => check.state === state).length
          yield [institution, id, state, count]
        }
      }
    },
  ),
  family(
    'check_up',
    checkLabels,
    '1 when a check is up or degraded, 0 when down, NaN when unknown, as last sealed.',
    function* (snapshot, { checksOf }) {
      for (const [labels, { state }] of checks(snapshot, checksOf)) {
        yield [...labels, state === 'unknown' ? Number.NaN : flag(state !== 'down')]
      }
    },
  ),
  valueFamily('check_response_seconds', 'seconds', 'Last response time of a check.'),
  valueFamily('check_remaining_seconds', 'seconds_left', 'Last validity left of a certificate.'),
  valueFamily('check_age_seconds', 'seconds_old', 'Last age of the newest good backup.'),
  valueFamily('check_clock_offset_seconds', 'seconds_off', 'Last offset of a clock, either way.'),
  valueFamily('check_free_ratio', 'ratio_free', 'Last free share of a disk, 0 to 1.'),
  valueFamily('check_used_ratio', 'ratio_used', 'Last used share of a resource, 0 to 1.'),
]

type Unit = (typeof valueUnits)[keyof typeof valueUnits]

/** Last values in one unit. A value would look fresh for ever, so a silent agent's are left out. */
function valueFamily(name: string, unit: Unit, help: string): Family {
  const units: Partial<Record<CheckRow['kind'], Unit>> = valueUnits
  return family(
    name,
    checkLabels,
    `${help} Absent while its agent is silent.`,
    function* (snapshot, { checksOf }) {
      for (const [labels, { kind, value, state }, fresh] of checks(snapshot, checksOf)) {
        if (units[kind] === unit && value !== null && state !== 'unknown' && fresh) {
          yield [...labels, value]
        }
      }
    },
  )
}

function* agents(snapshot: Snapshot) {
  for (const [institution, { id, agents }] of environmentsOf(snapshot)) {
    for (const row of agents) yield [[institution, id, row.agent] as const, row] as const
  }
}

function* checks(snapshot: Snapshot, checksOf: ChecksOf) {
  for (const [institution, environment] of environmentsOf(snapshot)) {
    const heard = heardAgents(environment)
    for (const row of checksOf({ institution, environment: environment.id }).filter(isShown)) {
      const labels = [institution, environment.id, row.check, row.kind] as const
      yield [labels, row, heard.has(row.agent)] as const
    }
  }
}

/** A check that its owner dropped stays visible for as long as the environment needs it. */
function isShown({ declared, needed }: CheckRow): boolean {
  return declared || needed
}

function heardAgents({ agents }: EnvironmentRow): Set<string> {
  return new Set(agents.filter(({ silent }) => !silent).map(({ agent }) => agent))
}
