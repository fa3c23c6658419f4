import type { State } from '../../../protocol/check.ts'
import type { EpochMs } from '../../../protocol/time.ts'
import { notBefore, type Since } from '../migration/since.ts'
import type { AgentRow } from '../snapshot.ts'
import type { Measure } from './inputs.ts'
import { type Finding, findingKinds } from './result.ts'

type Heard = Pick<AgentRow, 'name' | 'version' | 'status' | 'lastReportAt' | 'silent'>

/** An agent as findings look at it. */
export type FindingAgent = Heard & {
  readonly enrolledAt: EpochMs
  /** Whether its version is one that is supported; null where no version is known. */
  readonly isSupported: boolean | null
  /** Its `platform.in_cloud`; null without an agent's word. */
  readonly inCloud: Measure | null
  /** Since the first of the readings in a row that say the same; null if not known. */
  readonly inCloudSince: Since | null
}

/** A check as it was last seen, and whether its agent still declares it. */
export type FindingCheck = {
  /** `<agent name>/<check>` */
  readonly check: string
  readonly declared: boolean
  /** As last decided by evidence, not as of now; null before the first. */
  readonly state: State | null
  /** The last instant decided by evidence; null before the first. */
  readonly through: EpochMs | null
}

/** A hosting environment with its agents, also one that the register no longer has. */
export type FindingEnvironment = {
  readonly id: string
  /** Whether the register has it in scope at the instant. */
  readonly isInScope: boolean
  /** When it came into scope, or left it; null where it never was. */
  readonly scopeSince: EpochMs | null
  /** What the register says of where it is hosted, and since when; null where it says nothing. */
  readonly hosting: {
    readonly kind: 'cloud' | 'on_premises'
    readonly since: EpochMs
  } | null
  readonly agents: readonly FindingAgent[]
  readonly checks: readonly FindingCheck[]
}

/** The newest word on something declared, also where it expired. */
export type FindingDeclaration = {
  /** The metric or criterion that it is about. */
  readonly about: string
  readonly environment: string | null
  readonly expiresAt: EpochMs
}

/** What the findings of one institution are looked for in, as it stands at one instant. */
export type FindingInputs = {
  readonly at: EpochMs
  /** Checks removed before are not told of: the start of the running cycle. */
  readonly from: EpochMs
  readonly environments: readonly FindingEnvironment[]
  readonly declarations: readonly FindingDeclaration[]
}

/**
 * Where what is declared and what is measured do not agree, in the order of `findingKinds`, then by
 * place. Only what evidence shows is a finding: what is unknown is a matter of the index.
 */
export function findingsOf({ at, from, environments, declarations }: FindingInputs): Finding[] {
  const found = environments.flatMap((environment) => [
    ...cloudOnlyByWord(environment),
    ...notRegistered(environment),
    ...withoutAgent(environment),
    ...removedWhileFailing(environment, from),
    ...unsupported(environment),
  ])
  const expired = declarations
    .filter(({ expiresAt }) => expiresAt <= at)
    .map(({ about, environment, expiresAt }): Finding => {
      const place = { environment, subject: about }
      return { kind: 'declaration_expired', ...place, since: expiresAt, ...plain }
    })
  return [...found, ...expired].sort(
    (a, b) =>
      findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind) ||
      compare(a.environment ?? '', b.environment ?? '') ||
      compare(a.subject ?? '', b.subject ?? ''),
  )
}

/** The register says cloud, a fresh reading of a host says otherwise: since both did. */
function cloudOnlyByWord({ id, isInScope, hosting, agents }: FindingEnvironment): Finding[] {
  if (!isInScope || hosting?.kind !== 'cloud') return []
  return agents.flatMap(({ name, status, inCloud, inCloudSince }): Finding[] => {
    if (status !== 'active' || inCloud?.status !== 'measured' || inCloud.value !== false) return []
    const measured = inCloudSince ?? { since: inCloud.at, mayBeEarlier: false }
    const since = measured.since === null ? measured : notBefore(measured, hosting.since)
    const kind = 'declared_cloud_measured_on_premises'
    return [{ kind, environment: id, subject: name, detail: inCloud.detail, ...since }]
  })
}

/** A host reports for an environment out of scope, or its agent waits to be let in. */
function notRegistered({ id, isInScope, scopeSince, agents }: FindingEnvironment): Finding[] {
  return agents.flatMap(({ name, status, silent, enrolledAt }): Finding[] => {
    const isOutside = !isInScope && status === 'active' && !silent
    if (!isOutside && status !== 'pending') return []
    const since = isOutside ? Math.max(enrolledAt, scopeSince ?? 0) : enrolledAt
    return [{ kind: 'host_not_registered', environment: id, subject: name, since, ...plain }]
  })
}

/** As `register.match_ratio` counts: no active agent is heard. */
function withoutAgent({ id, isInScope, scopeSince, agents }: FindingEnvironment): Finding[] {
  const active = agents.filter(({ status }) => status === 'active')
  if (!isInScope || active.some(({ silent }) => !silent)) return []
  const lastReports = agents.flatMap(({ lastReportAt }) => lastReportAt ?? [])
  const since = lastReports.length > 0 ? Math.max(scopeSince ?? 0, ...lastReports) : scopeSince
  return [{ kind: 'environment_without_agent', environment: id, subject: null, since, ...plain }]
}

function removedWhileFailing({ id, checks }: FindingEnvironment, from: EpochMs): Finding[] {
  return checks.flatMap(({ check, declared, state, through }): Finding[] => {
    const isFailing = state === 'down' || state === 'degraded'
    if (declared || !isFailing || through === null || through < from) return []
    const place = { environment: id, subject: check }
    return [
      { kind: 'check_removed_while_failing', ...place, ...plain, since: through, detail: state },
    ]
  })
}

function unsupported({ id, isInScope, agents }: FindingEnvironment): Finding[] {
  return agents
    .filter(({ status, isSupported }) => isInScope && status === 'active' && isSupported === false)
    .map(({ name, version }): Finding => {
      const place = { environment: id, subject: name }
      return { kind: 'agent_version_unsupported', ...place, ...plain, since: null, detail: version }
    })
}

/** Of most findings nobody needs more than the place. */
const plain = { mayBeEarlier: false, detail: null } as const

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
