import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { rejoinCode } from '../../protocol/possession.ts'
import { idPattern } from '../../protocol/schema.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Member, Roster } from '../ingest/roster.ts'
import type { Sessions } from '../people/accounts.ts'
import type { Decision, Identities } from '../people/identities.ts'
import type { ReleaseAct } from '../register/releases.ts'
import { agentStatuses, type EvidenceReader, type RejoinRow } from '../store/store.ts'
import { Problem } from './figures.ts'
import { managers, manages, Why } from './managers.ts'
import { releaseRoutes } from './releases.ts'
import { requireAccount } from './session.ts'

export type IdentityRoutesOptions = {
  readonly sessions: Sessions
  readonly roster: Roster
  readonly identities: Identities
  readonly store: Pick<EvidenceReader, 'rejoins' | 'contestedCounts'>
  readonly now: () => EpochMs
}

/** Agents in one answer. */
const agentsPerPageMax = 1_000

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: idPattern })
const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
const maybe = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

const Agent = Type.Object({
  agent: Type.String(),
  institution: Type.String(),
  environment: Type.String(),
  name: Type.String(),
  status: Type.Enum([...agentStatuses]),
  kid: Type.String({ description: 'RFC 7638 thumbprint of the key in use.' }),
  enrolledAt: Epoch,
  lastReportAt: maybe(Epoch),
  lastBatchAt: maybe(Epoch),
  version: maybe(Type.String()),
  rejoins: Type.Array(Type.Object({ code: Type.String(), askedAt: Epoch }), {
    description: 'Codes of the keys with which a quarantined agent asks to go on.',
  }),
  release: maybe(
    Type.Object(
      { code: Type.String(), requestedBy: Type.String(), requestedAt: Epoch, why: Type.String() },
      { description: 'That a second person may decide: one of these keys shall go on.' },
    ),
  ),
  contested: Type.Integer({ description: 'Messages kept aside while it was quarantined.' }),
})
type Agent = Static<typeof Agent>

const Page = Type.Object({
  agents: Type.Array(Agent),
  next: maybe(Type.String({ description: 'Ask again with `after` set to this; null at the end.' })),
})

const tags = ['agents']
const problems = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 503: Problem }
const params = Type.Object({ agent: Id })
const Reason = Type.Object({ why: Why }, closed)

const list = {
  tags,
  summary: 'Agents you may manage, in order of their ids, at most 1,000 at once',
  querystring: Type.Object(
    {
      institution: Type.Optional(Id),
      status: Type.Optional(Type.Enum([...agentStatuses])),
      after: Type.Optional(Id),
    },
    closed,
  ),
  response: { 200: Page, ...problems },
}
const decided = { 200: Agent, ...problems, 409: Problem }
const approve = {
  ...{ tags, summary: 'Let a pending agent in; 409 for one that is locked or revoked' },
  ...{ params, body: Reason, response: decided },
}
const revoke = {
  ...{ tags, summary: 'Shut an agent out for good; its name may be enrolled again' },
  ...{ params, body: Reason, response: decided },
}
/** An admin, or an institution for its own hosts, decides who may send. */
export function identityRoutes(options: IdentityRoutesOptions): FastifyPluginAsyncTypebox {
  const { sessions, roster, identities, store, now } = options

  /** Who decides about which agent. Foreign agents do not exist. */
  const decide = async (request: FastifyRequest, agent: string, why: string): Promise<Decision> => {
    const actor = await requireAccount(request, sessions)
    const owner = roster.has(agent) ? roster.get(agent).agent.institution : null
    if (owner === null || !manages(actor, owner)) {
      throw new AppError('not_found', 'There is no such agent.')
    }
    return { actor, why, at: now() }
  }

  const views = async (members: readonly Member[]): Promise<Agent[]> => {
    const wishes = Map.groupBy(await store.rejoins(), ({ agent }) => agent)
    const contested = await store.contestedCounts()
    return members.map((member) => {
      const { agent } = member.agent
      const row = viewOf(member, wishes.get(agent) ?? [], contested.get(agent) ?? 0)
      return { ...row, release: askedOf(identities.openRelease(agent)) }
    })
  }

  const view = async (agent: string): Promise<Agent> => (await views([roster.get(agent)]))[0]!

  const config = { access: managers }
  return async (app) => {
    app.get('/api/v1/agents', { schema: list, config }, async (request) => {
      const account = await requireAccount(request, sessions)
      const { institution, status, after = '' } = request.query
      if (institution !== undefined && !manages(account, institution)) {
        throw new AppError('not_found', 'There is no such institution.')
      }
      const wanted = [...roster.all()]
        .filter(({ agent }) => manages(account, agent.institution) && agent.agent > after)
        .filter(({ agent }) => institution === undefined || agent.institution === institution)
        .filter(({ agent }) => status === undefined || agent.status === status)
        .sort((a, b) => (a.agent.agent < b.agent.agent ? -1 : 1))
      const page = wanted.slice(0, agentsPerPageMax)
      const next = wanted.length > page.length ? page.at(-1)!.agent.agent : null
      return { agents: await views(page), next }
    })

    app.post('/api/v1/agents/:agent/approve', { schema: approve, config }, async (request) => {
      const { agent } = request.params
      await identities.approve(agent, await decide(request, agent, request.body.why))
      return view(agent)
    })

    app.post('/api/v1/agents/:agent/revoke', { schema: revoke, config }, async (request) => {
      const { agent } = request.params
      await identities.revoke(agent, await decide(request, agent, request.body.why))
      return view(agent)
    })
    await app.register(releaseRoutes(options))
  }
}

function viewOf({ agent, contact }: Member, wishes: readonly RejoinRow[], contested: number) {
  const { publicKey: _, ...row } = agent
  return {
    ...row,
    lastReportAt: contact?.lastReportAt ?? null,
    lastBatchAt: contact?.lastBatchAt ?? null,
    version: contact?.version ?? null,
    rejoins: wishes.map(({ publicKey, askedAt }) => ({ code: rejoinCode(publicKey), askedAt })),
    contested,
  }
}

function askedOf(open: ReleaseAct | null) {
  if (!open) return null
  const { code, requestedBy, requestedAt, why } = open
  return { code, requestedBy, requestedAt, why }
}
