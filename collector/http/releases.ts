import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { AppError } from '../error.ts'
import type { Account } from '../people/accounts.ts'
import type { Decision } from '../people/identities.ts'
import { may, rolesThatMay } from '../people/permissions.ts'
import { listedRelease, listReleases, releaseStates } from '../people/releases.ts'
import { everyone } from './access.ts'
import { closed, decisionFields, Epoch, problems } from './act-shapes.ts'
import { Problem } from './figures.ts'
import type { IdentityRoutesOptions } from './identities.ts'
import { managers, Why } from './managers.ts'
import { requireAccount } from './session.ts'

/** As a host shows the code of the key with which it asks to go on. */
export const codePattern = '^[0-9a-f]{4}(-[0-9a-f]{4}){2}$'

/** Releases in one answer: the newest. */
const releasesShownMax = 1_000

/** A request for a release with where its agent is. */
const Release = Type.Object({
  agent: Type.String(),
  institution: Type.String(),
  environment: Type.String(),
  name: Type.String(),
  state: Type.Enum([...releaseStates], {
    description: 'lapsed: its agent is not in quarantine any more, and nobody had decided.',
  }),
  code: Type.String({ description: 'Of the new key; compare it with what the host shows.' }),
  kid: Type.String({ description: 'RFC 7638 thumbprint of the new key.' }),
  why: Type.String(),
  requestedBy: Type.String(),
  requestedAt: Epoch,
  withdrawnAt: Type.Union([Epoch, Type.Null()]),
  decision: Type.Union([Type.Object(decisionFields), Type.Null()]),
})

const Code = Type.String({
  pattern: codePattern,
  description: 'As the host shows it; ask its people, not this list.',
})
const tags = ['agents']
const params = Type.Object({ agent: Type.String({ pattern: idPattern }) })
const changed = { 200: Release, ...problems, 409: Problem }
const said = { tags, params, body: Type.Object({ code: Code, why: Why }, closed) }

const list = {
  ...{ tags, summary: 'Releases of quarantined agents you may see, the newest first' },
  querystring: Type.Object({ state: Type.Optional(Type.Enum([...releaseStates])) }, closed),
  response: { 200: Type.Object({ releases: Type.Array(Release) }), ...problems },
}
const ask = {
  ...said,
  summary: 'Ask that a quarantined agent may go on with the new key that has this code',
  response: changed,
}
const approve = {
  ...{ ...said, response: changed },
  summary: 'Approve a release that another account asked for: the old key is locked out',
}
const refuse = {
  ...{ ...said, summary: 'Refuse a release that another account asked for', response: changed },
}
const withdraw = {
  ...{ tags, params, body: Type.Object({ why: Why }, closed), response: changed },
  summary: 'Take back a release that nobody decided',
}

/** A release: asked for by whoever manages the agent, decided by a second person. */
export function releaseRoutes(options: IdentityRoutesOptions): FastifyPluginAsyncTypebox {
  const { sessions, roster, identities, now } = options
  const byManagers = { access: managers }
  const byDeciders = { access: rolesThatMay('releases.decide') }

  /** Foreign agents do not exist. */
  const requireAgent = (account: Account, agent: string, act: 'agents.manage' | 'read'): void => {
    if (roster.has(agent) && may(account, act, roster.get(agent).agent.institution)) return
    throw new AppError('not_found', 'There is no such agent.')
  }
  const view = (agent: string) => {
    for (const act of identities.releases())
      if (act.id === agent) return listedRelease(options, act)
    throw new Error(`Nobody asked for a release of ${agent}.`)
  }

  return async (app) => {
    app.get('/api/v1/releases', { schema: list, config: { access: everyone } }, async (request) => {
      const { state } = request.query
      const all = listReleases(options, await requireAccount(request, sessions))
      const found = all.filter((each) => each.state === (state ?? each.state))
      return { releases: found.slice(0, releasesShownMax) }
    })

    const base = '/api/v1/agents/:agent/release'
    app.post(base, { schema: ask, config: byManagers }, async (request) => {
      const { agent } = request.params
      const { code, why } = request.body
      const actor = await requireAccount(request, sessions)
      requireAgent(actor, agent, 'agents.manage')
      await identities.askRelease(agent, code, { actor, why, at: now() })
      return view(agent)
    })

    for (const [path, schema, is] of [
      ['approve', approve, 'approved'],
      ['refuse', refuse, 'refused'],
    ] as const) {
      app.post(`${base}/${path}`, { schema, config: byDeciders }, async (request) => {
        const { agent } = request.params
        const { code, why } = request.body
        const account = await requireAccount(request, sessions)
        requireAgent(account, agent, 'read')
        await identities.decideRelease(account, agent, { is, code, why, at: now() })
        return view(agent)
      })
    }

    app.post(`${base}/withdraw`, { schema: withdraw, config: byManagers }, async (request) => {
      const { agent } = request.params
      const actor = await requireAccount(request, sessions)
      requireAgent(actor, agent, 'agents.manage')
      const said: Decision = { actor, why: request.body.why, at: now() }
      await identities.withdrawRelease(agent, said)
      return view(agent)
    })
  }
}
