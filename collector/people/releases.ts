import type { Roster } from '../ingest/roster.ts'
import { isOpenRelease, type ReleaseAct } from '../register/releases.ts'
import type { AgentRow } from '../store/store.ts'
import type { Account } from './accounts.ts'
import type { Identities } from './identities.ts'
import { sees } from './permissions.ts'

/** `lapsed`: its agent is not in quarantine any more, and nobody had decided. */
export const releaseStates = ['open', 'approved', 'refused', 'withdrawn', 'lapsed'] as const

/** A request for a release with where its agent is, as it is listed. */
export type ListedRelease = Omit<ReleaseAct, 'id'> &
  Pick<AgentRow, 'agent' | 'institution' | 'environment' | 'name'> & {
    readonly state: (typeof releaseStates)[number]
  }

/** Where requests for releases and their agents are found. */
export type ReleaseSources = {
  readonly identities: Pick<Identities, 'releases'>
  readonly roster: Pick<Roster, 'has' | 'get'>
}

/** The newest request about each agent that an account may see, the newest first. */
export function listReleases(sources: ReleaseSources, account: Account): ListedRelease[] {
  return [...sources.identities.releases()]
    .filter(({ id }) => sources.roster.has(id))
    .map((act) => listedRelease(sources, act))
    .filter(({ institution }) => sees(account, institution))
    .sort((a, b) => b.requestedAt - a.requestedAt)
}

/** A request as it is listed. */
export function listedRelease({ roster }: ReleaseSources, request: ReleaseAct): ListedRelease {
  const { id, ...act } = request
  const { agent, institution, environment, name, status } = roster.get(id).agent
  const isMoot = isOpenRelease(request) && status !== 'quarantined'
  const open = act.withdrawnAt === null ? 'open' : 'withdrawn'
  const state = isMoot ? 'lapsed' : (act.decision?.is ?? open)
  return { agent, institution, environment, name, state, ...act }
}
