import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { type EpochMs, hourMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { subnetsMax } from '../people/subnets.ts'
import { endToken, type TokenGrant, tokenId, tokenState, tokenStates } from '../people/tokens.ts'
import type { EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { TokenRow } from '../store/tokens.ts'
import { Problem } from './figures.ts'
import { managers, manages, Why } from './managers.ts'
import { requireAccount } from './session.ts'

export type TokenRoutesOptions = {
  readonly sessions: Sessions
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'tokens' | 'token'>
  readonly now: () => EpochMs
  readonly makeToken: (
    grant: TokenGrant,
    actor: Account,
    now: EpochMs,
  ) => Promise<{ readonly text: string; readonly token: TokenRow }>
}

/** The longest list of tokens; those that end last are shown. */
const tokensShownMax = 1_000

const usesMaxDefault = 1
const lifeHoursDefault = 24

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: idPattern })
const Subnet = Type.String({ minLength: 4, maxLength: 49 })
const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })

const TokenRequest = Type.Object(
  {
    institution: Id,
    environment: Id,
    usesMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 500,
        description: 'How many hosts may join; default 1.',
      }),
    ),
    lifeHours: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 72, description: 'Until it is worthless; default 24.' }),
    ),
    subnets: Type.Optional(
      Type.Array(Subnet, {
        minItems: 1,
        maxItems: subnetsMax,
        description: 'Networks a host must join from, such as 192.0.2.0/24 or 2001:db8::/32.',
      }),
    ),
    approval: Type.Optional(
      Type.Boolean({ description: 'Whether each host waits until it is approved; default no.' }),
    ),
  },
  closed,
)

const Token = Type.Object({
  id: Type.String({ description: 'What the token is called here and in the log.' }),
  institution: Type.String(),
  environment: Type.String(),
  state: Type.Enum([...tokenStates]),
  expiresAt: Epoch,
  usesMax: Type.Integer(),
  uses: Type.Integer(),
  subnets: Type.Union([Type.Array(Type.String()), Type.Null()]),
  approval: Type.Boolean(),
  endedAt: Type.Union([Epoch, Type.Null()]),
})
type Token = Static<typeof Token>

const tags = ['enrolment']
const problems = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 503: Problem }

const list = {
  tags,
  summary: 'Enrolment tokens you may manage, at most 1,000; never their texts',
  response: { 200: Type.Object({ tokens: Type.Array(Token) }), ...problems },
}
const make = {
  tags,
  summary: 'Make an enrolment token; its text is shown this once',
  body: TokenRequest,
  response: {
    201: Type.Object({ token: Type.String(), id: Type.String(), expiresAt: Epoch }),
    ...problems,
  },
}
const end = {
  tags,
  summary: 'End a token before its time; ending it again changes nothing',
  params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{12}$' }) }),
  body: Type.Object({ why: Why }, closed),
  response: { 200: Token, ...problems },
}

/** An admin, or an institution for itself, lets hosts join environments. */
export function tokenRoutes(options: TokenRoutesOptions): FastifyPluginAsyncTypebox {
  const { sessions, store, now, makeToken } = options
  return async (app) => {
    app.get('/api/v1/tokens', { schema: list, config: { access: managers } }, async (request) => {
      const account = await requireAccount(request, sessions)
      const own = (await store.tokens()).filter(({ institution }) => manages(account, institution))
      const at = now()
      return { tokens: own.slice(-tokensShownMax).map((token) => viewOf(token, at)) }
    })

    app.post(
      '/api/v1/tokens',
      { schema: make, config: { access: managers } },
      async (request, reply) => {
        const account = await requireAccount(request, sessions)
        const { usesMax = usesMaxDefault, lifeHours = lifeHoursDefault, ...place } = request.body
        if (!manages(account, place.institution)) {
          throw new AppError('not_found', 'There is no such environment.')
        }
        const grant = { ...place, usesMax, lifeMs: lifeHours * hourMs }
        const { text, token } = await makeToken(grant, account, now())
        const { hash, expiresAt } = token
        return reply.code(201).send({ token: text, id: tokenId(hash), expiresAt })
      },
    )

    app.post(
      '/api/v1/tokens/:id/end',
      { schema: end, config: { access: managers } },
      async (request) => {
        const account = await requireAccount(request, sessions)
        const { id } = request.params
        const token = (await store.tokens()).find(({ hash }) => tokenId(hash) === id)
        if (!token || !manages(account, token.institution)) {
          throw new AppError('not_found', 'There is no such token.')
        }
        const at = now()
        return viewOf(await endToken(store, token, account, request.body.why, at), at)
      },
    )
  }
}

function viewOf({ hash, subnets, ...token }: TokenRow, now: EpochMs): Token {
  const state = tokenState({ hash, subnets, ...token }, now)
  return { ...token, id: tokenId(hash), state, subnets: subnets && [...subnets] }
}
