import type { EpochMs } from '../../protocol/time.ts'
import type {
  AgentRow,
  Bilingual,
  EnvironmentRow,
  InstitutionRow,
  Snapshot,
} from '../kpi/snapshot.ts'
import type { EventType } from './event.ts'

type Named = { readonly id: string; readonly name: Bilingual }

/** What something is about; the nation where all are null. */
export type Subject = {
  readonly institution: Named | null
  readonly environment: Named | null
  readonly agent: { readonly id: string; readonly name: string } | null
}

/** Something that people must know of, for as long as it lasts. */
export type Condition = {
  readonly type: EventType
  /** Names it among all conditions, such as `environment_down/health/portal`. */
  readonly key: string
  readonly subject: Subject
  /** Grows as it gets worse; each rise is told. 1 for what is or is not. */
  readonly level: number
  readonly since: EpochMs | null
  /** What else a program may want to know. */
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * Whether a condition holds now. `undecided` leaves things as they are: unknown is neither up nor
 * down, and what is younger than its time is told later. `gone` is what no longer exists.
 */
export type Judged = Condition & {
  readonly verdict: 'holds' | 'undecided' | 'over' | 'gone'
}

/** How long something must last before it is told. Unit: milliseconds. */
export type AfterMs = {
  readonly environment: number
  readonly agent: number
  readonly publish: number
}

export type Judging = {
  readonly afterMs: AfterMs
  /** When this collector first looked: agents have had no time to be heard by it before. */
  readonly watchingSince: EpochMs
  /** Share of the cycle's error budget that is used up, by `institution/environment`. */
  readonly cycleUse: ReadonlyMap<string, number>
}

/** Shares of a cycle's allowance that are told once they are used up. Source: METHODOLOGY §2.3. */
const riskLevels = [0.9, 0.75, 0.5] as const

/**
 * Every condition that a snapshot has something to say about. While figures are held back it tells
 * that alone: the rest of a snapshot is then of an earlier instant.
 */
export function judge(snapshot: Snapshot, judging: Judging, now: EpochMs): Judged[] {
  const { held } = snapshot
  const publish: Judged = {
    type: 'publish_held',
    key: 'publish_held',
    subject: { institution: null, environment: null, agent: null },
    level: 1,
    since: held?.since ?? null,
    data: { jumps: held?.jumps ?? [] },
    verdict: !held ? 'over' : lasted(held.since, judging.afterMs.publish, now),
  }
  if (held) return [publish]
  const { institutions } = snapshot
  return [
    publish,
    ...institutions.flatMap((each) => judgeInstitution(snapshot, each, judging, now)),
  ]
}

function lasted(since: EpochMs | null, afterMs: number, now: EpochMs): 'holds' | 'undecided' {
  return since !== null && now - since >= afterMs ? 'holds' : 'undecided'
}

function judgeInstitution(
  snapshot: Snapshot,
  row: InstitutionRow,
  judging: Judging,
  now: EpochMs,
): Judged[] {
  const { id, environments } = row
  const subject = { institution: named(row), environment: null, agent: null }
  const figures = snapshot.migration?.institutions[id]
  const late = figures?.late ?? 0
  const migration: Judged = {
    type: 'migration_late',
    key: `migration_late/${id}`,
    subject,
    level: late,
    since: snapshot.migration?.at ?? null,
    data: { late, workloads: figures?.workloads ?? 0 },
    verdict: late > 0 ? 'holds' : 'over',
  }
  const ofEnvironments = environments.flatMap((environment) => [
    judgeState(row, environment, judging, now),
    judgeRisk(snapshot, row, environment, judging),
  ])
  return [migration, ...ofEnvironments, ...judgeAgents(row, judging, now)]
}

/** An environment that is down so long; over only when it works again so long. */
function judgeState(
  institution: InstitutionRow,
  environment: EnvironmentRow,
  { afterMs }: Judging,
  now: EpochMs,
): Judged {
  const { id, state, since, criticality } = environment
  const works = state === 'up' || state === 'degraded'
  const isLong = lasted(since, afterMs.environment, now) === 'holds'
  return {
    type: 'environment_down',
    key: `environment_down/${institution.id}/${id}`,
    subject: { institution: named(institution), environment: named(environment), agent: null },
    level: 1,
    since,
    data: { state, class: environment.class, criticality },
    verdict:
      state === 'not_in_scope'
        ? 'gone'
        : !isLong
          ? 'undecided'
          : state === 'down'
            ? 'holds'
            : works
              ? 'over'
              : 'undecided',
  }
}

/** An environment that used up much of what the cycle allows to be down or unknown. */
function judgeRisk(
  { cycle }: Snapshot,
  institution: InstitutionRow,
  environment: EnvironmentRow,
  { cycleUse }: Judging,
): Judged {
  const { id, stage } = environment
  const usedRatio = cycleUse.get(`${institution.id}/${id}`) ?? 0
  const level = riskLevels.find((each) => usedRatio >= each) ?? 0
  return {
    type: 'cycle_at_risk',
    key: `cycle_at_risk/${institution.id}/${id}`,
    subject: { institution: named(institution), environment: named(environment), agent: null },
    level,
    since: null,
    data: { cycle: cycle.id, usedRatio },
    verdict: stage === 'being_set_up' ? 'undecided' : level > 0 ? 'holds' : 'over',
  }
}

/**
 * Agents that are silent. Where none of an institution is heard that is told once: whoever is cut
 * off does not get forty messages.
 */
function judgeAgents(row: InstitutionRow, judging: Judging, now: EpochMs): Judged[] {
  const { afterMs, watchingSince } = judging
  const isSettled = now - watchingSince >= afterMs.agent
  const all = row.environments.flatMap((environment) =>
    environment.agents.filter(isCounted).map((agent) => ({ environment, agent })),
  )
  const isLost = ({ silent, lastReportAt }: AgentRow) =>
    silent && (lastReportAt === null || now - lastReportAt >= afterMs.agent)
  const areAllSilent = all.length > 1 && all.every(({ agent }) => agent.silent)
  const areAllLost = areAllSilent && all.every(({ agent }) => isLost(agent))
  const verdictOf = (agent: AgentRow): Judged['verdict'] => {
    if (!agent.silent) return 'over'
    return isSettled && !areAllSilent && isLost(agent) ? 'holds' : 'undecided'
  }
  const institution: Judged = {
    type: 'agent_silent',
    key: `agent_silent/${row.id}`,
    subject: { institution: named(row), environment: null, agent: null },
    level: 1,
    since: row.lastReportAt,
    data: { agents: all.length },
    verdict: !areAllSilent ? 'over' : isSettled && areAllLost ? 'holds' : 'undecided',
  }
  const each = all.map(
    ({ environment, agent }): Judged => ({
      type: 'agent_silent',
      key: `agent_silent/${row.id}/${agent.agent}`,
      subject: {
        institution: named(row),
        environment: named(environment),
        agent: { id: agent.agent, name: agent.name },
      },
      level: 1,
      since: agent.lastReportAt,
      data: { agents: 1 },
      verdict: verdictOf(agent),
    }),
  )
  return [institution, ...each]
}

/** Nobody waits for an agent that was revoked, or that nobody approved yet. */
function isCounted({ status }: AgentRow): boolean {
  return status === 'active' || status === 'quarantined'
}

function named({ id, name }: Named): Named {
  return { id, name }
}
