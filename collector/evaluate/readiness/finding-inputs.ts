import { dayOf, type EpochMs } from '../../../protocol/time.ts'
import type { PlatformDay } from '../../kpi/migration/observation.ts'
import { isCloud } from '../../kpi/migration/platform.ts'
import { keptFrom, type Since, type SinceWindow, sinceInRow } from '../../kpi/migration/since.ts'
import type {
  FindingAgent,
  FindingDeclaration,
  FindingEnvironment,
  FindingInputs,
} from '../../kpi/readiness/findings.ts'
import type { ReadinessInputs } from '../../kpi/readiness/inputs.ts'
import { type Declaration, subjectOf } from '../../register/declarations.ts'
import { foldDeclarations } from '../../register/declarations-log.ts'
import type { Version } from '../../register/history.ts'
import type { Environment } from '../../register/register.ts'
import type { FactReader } from '../../store/facts.ts'
import type { EnvironmentKey, TimelineStore } from '../../store/store.ts'
import type { AgentBook } from '../agent-book.ts'
import type { Basis } from '../basis.ts'
import { type EnvironmentSource, keyOf } from '../ledgers.ts'
import { PlatformDays } from '../migration/platform-days.ts'
import { agentIsSupported } from './agent-version.ts'
import type { ReadinessRound } from './readiness-book.ts'

/** What the findings of an institution are looked for in. `inputs` are its own, in detail. */
export async function findingInputs(
  reader: Pick<TimelineStore, 'checks'> & Pick<FactReader, 'factDays'>,
  agents: AgentBook,
  inputs: ReadinessInputs,
  { basis, frame }: ReadinessRound,
): Promise<FindingInputs> {
  const { institution, at } = inputs
  const own = basis.sources.filter((source) => source.institution === institution)
  const environments: FindingEnvironment[] = []
  for (const source of own) {
    const measured = inputs.environments.find(({ id }) => id === source.environment)
    const hosts = new Map(measured?.hosts.map((host) => [host.agent, host.measures]))
    const hosting = hostingOf(source, basis.at)
    const cloudDays = hosting?.kind === 'cloud' ? await cloudDaysOf(reader, source, at) : none
    environments.push({
      id: source.environment,
      ...scopeOf(source, basis.at),
      hosting,
      agents: agents.enrolled(keyOf(source)).map(({ row, enrolledAt }): FindingAgent => {
        const { agent, version } = row
        return {
          ...row,
          enrolledAt,
          isSupported: version === null ? null : agentIsSupported(version, frame.engine),
          inCloud: hosts.get(agent)?.['platform.in_cloud'] ?? null,
          inCloudSince: onPremisesSince(cloudDays.get(agent) ?? [], { from: enrolledAt, at }),
        }
      }),
      checks: (await reader.checks(source)).map(({ name, declared, since, state, through }) => {
        const isKnown = since !== null
        return {
          check: name,
          declared,
          state: isKnown ? state : null,
          through: isKnown ? through : null,
        }
      }),
    })
  }
  const declarations = declarationsOf(basis, institution, at)
  return { at, from: frame.cycle.from, environments, declarations }
}

/** What agents told of the cloud they are in, on the whole UTC days that are kept. */
async function cloudDaysOf(reader: Pick<FactReader, 'factDays'>, key: EnvironmentKey, at: EpochMs) {
  const span = { from: keptFrom(at), to: dayOf(at) }
  return new PlatformDays().of(await reader.factDays(key, ['platform.cloud'], span))
}

/** Since an agent has told that it is in no cloud; null where it told so on no day that is over. */
function onPremisesSince(days: readonly PlatformDay[], window: SinceWindow): Since | null {
  const newest = days.findLast(({ cloud }) => cloud !== null)
  if (!newest || isCloud(newest.cloud)) return null
  const isOutside = ({ cloud }: PlatformDay) => (cloud === null ? null : !isCloud(cloud))
  return sinceInRow([{ days }], isOutside, window)
}

const none: ReadonlyMap<string, readonly PlatformDay[]> = new Map()

/** Versions that follow each other without a hole and are alike, back from the one in force. */
function sinceOf(
  { versions }: EnvironmentSource,
  at: EpochMs,
  isAlike: (a: Environment, b: Environment) => boolean,
): Version<Environment> | null {
  const index = versions.findLastIndex(({ from, to }) => from <= at && at < to)
  let first = versions[index]
  if (!first) return null
  for (let i = index - 1; i >= 0; i--) {
    const earlier = versions[i]!
    if (earlier.to !== first.from || !isAlike(earlier.value, first.value)) break
    first = earlier
  }
  return first
}

function scopeOf(source: EnvironmentSource, at: EpochMs) {
  const since = sinceOf(source, at, () => true)
  const left = source.versions.findLast(({ to }) => to <= at)?.to ?? null
  return { isInScope: since !== null, scopeSince: since?.from ?? left }
}

function hostingOf(source: EnvironmentSource, at: EpochMs): FindingEnvironment['hosting'] {
  const first = sinceOf(source, at, (a, b) => a.hosting?.kind === b.hosting?.kind)
  const kind = first?.value.hosting?.kind
  return first && kind ? { kind, since: first.from } : null
}

/** Of each subject the newest that was agreed on, also where it expired. */
function declarationsOf(
  { entries, history }: Basis,
  institution: string,
  at: EpochMs,
): FindingDeclaration[] {
  const past = entries.filter(({ effectiveFrom }) => effectiveFrom <= at)
  const all = foldDeclarations(new Map(), past, history).get(institution) ?? []
  const newest = new Map<string, Declaration>()
  for (const each of all) {
    const isAgreed = each.decision?.is === 'approved' && each.withdrawnAt === null
    if (isAgreed) newest.set(subjectOf(each), each)
  }
  return [...newest.values()].map(({ about, environment, expiresAt }) => ({
    about: about.kind === 'waiver' ? about.criterion : about.metric,
    environment,
    expiresAt,
  }))
}
