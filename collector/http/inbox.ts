import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Sessions } from '../people/accounts.ts'
import { type Inbox, inboxKinds } from '../people/inbox.ts'
import { inboxPage } from '../web/pages/inbox.ts'
import { everyone } from './access.ts'
import { Problem } from './figures.ts'
import type { BoardPart } from './page-route.ts'
import { requireAccount } from './session.ts'

const Epoch = Type.Integer({ description: 'Milliseconds since 1970, UTC.' })
const nullable = <T extends ReturnType<typeof Type.String>>(type: T) =>
  Type.Union([type, Type.Null()])

const placed = {
  kind: Type.Enum([...inboxKinds]),
  id: Type.String({ description: 'Unique among those of its kind.' }),
  institution: nullable(Type.String()),
  environment: Type.Optional(Type.String()),
  label: Type.Optional(Type.String()),
  path: Type.String({ description: 'Where it is on the board, behind the language.' }),
}

const Item = Type.Object({
  ...placed,
  since: Epoch,
  by: nullable(Type.String()),
  due: Type.Optional(Epoch),
})

const AskedItem = Type.Object({
  ...placed,
  askedAt: Epoch,
  state: Type.Enum(['waiting', 'approved', 'refused', 'withdrawn', 'lapsed']),
  decision: Type.Union([
    Type.Object({
      is: Type.Enum(['approved', 'refused']),
      ...{ by: Type.String(), role: Type.String(), at: Epoch, why: Type.String() },
    }),
    Type.Null(),
  ]),
})

const read = {
  tags: ['people'],
  summary: 'What waits for you, oldest first, and what became of what you asked for',
  response: {
    200: Type.Object({
      waiting: Type.Array(Item),
      waitingCount: Type.Integer(),
      asked: Type.Array(AskedItem),
    }),
    ...{ 401: Problem, 503: Problem },
  },
}

/** What waits for whoever asks. */
export function inboxRoutes(inbox: Inbox, sessions: Sessions): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/api/v1/inbox', { schema: read, config: { access: everyone } }, async (request) => {
      const { waiting, asked, waitingCount } = await inbox.of(
        await requireAccount(request, sessions),
      )
      return { waiting: [...waiting], waitingCount, asked: [...asked] }
    })
  }
}

/** The same as a page. */
export function inboxPart(inbox: Inbox): BoardPart {
  return {
    pages: {
      '/inbox': async (frame, snapshot) =>
        inboxPage(frame, snapshot, await inbox.of(frame.account)),
    },
    access: { '/inbox': everyone },
    waiting: (account) => inbox.count(account),
  }
}
