import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../error.ts'
import type { CycleWatchOptions } from '../evaluate/cycle-watch.ts'
import type { EvaluationLoop } from '../evaluate/evaluation-loop.ts'
import { differences } from '../kpi/cycle-figures.ts'
import { checkCycles } from '../operations/check-cycles.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import { Cycles, type CyclesOptions, type ListedCycle } from '../people/cycles.ts'
import { may, rolesThatMay } from '../people/permissions.ts'
import { cycleStates } from '../register/cycles.ts'
import { everyone } from './access.ts'
import { visibleChanges } from './cycle-form.ts'
import { CycleOf, Epoch, nullable, Problem } from './figures.ts'
import { Why } from './managers.ts'
import { requireAccount } from './session.ts'
import { type WindowSource, windowRoutes } from './windows.ts'

const closed = { additionalProperties: false } as const
const Id = Type.String({ maxLength: 20, description: 'Such as 2027-04.' })
const Revision = Type.Integer({ minimum: 0, maximum: 999, description: '0 is the freeze itself.' })

const Frozen = Type.Object({
  sha256: Type.String({ description: 'Of the frozen bytes; the national log holds it too.' }),
  length: Type.Integer({ description: 'Bytes.' }),
  sizes: Type.Record(Type.String(), Type.Integer(), { description: 'Leaves, by log.' }),
  register: Type.String(),
  policy: Type.String(),
  model: nullable(Type.String()),
  engine: Type.String(),
  at: Epoch,
})
const Decision = Type.Object({
  is: Type.Enum(['approved', 'refused']),
  by: Type.String(),
  role: Type.String(),
  at: Epoch,
  why: Type.String(),
})
const Act = Type.Object({
  revision: Revision,
  why: Type.String(),
  requestedBy: Type.String(),
  requestedAt: Epoch,
  decision: nullable(Decision),
  frozen: nullable(Frozen),
})
const Cycle = Type.Object({
  ...CycleOf.properties,
  state: Type.Enum([...cycleStates], {
    description: 'open: over, and late data still change it. frozen: only revisions do.',
  }),
  freezableFrom: Epoch,
  proposal: nullable(Act),
  revisions: Type.Array(Act),
})
const Difference = Type.Object({
  figure: Type.String(),
  bound: Type.String(),
  old: nullable(Type.String()),
  new: nullable(Type.String()),
})
const Differences = Type.Object({
  cycle: Type.String(),
  revision: Revision,
  differs: Type.Boolean(),
  changes: Type.Array(Difference),
})
const Changes = Type.Object({
  changes: Type.Array(
    Type.Object({
      figure: Type.String(),
      cycle: Type.String(),
      old: nullable(Type.String()),
      new: nullable(Type.String()),
      asOf: Epoch,
      at: Epoch,
      cause: nullable(Type.Object({ log: Type.String(), index: Type.Integer() })),
    }),
  ),
})

const tags = ['cycles']
const problems = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 503: Problem }
const params = Type.Object({ cycle: Id })
const revisionParams = Type.Object({ cycle: Id, revision: Type.String({ pattern: '^\\d{1,3}$' }) })
const Reason = Type.Object({ why: Why }, closed)
const Decided = Type.Object({ revision: Revision, why: Why }, closed)
const changed = { 200: Cycle, ...problems, 409: Problem }
const list = {
  ...{ tags, summary: 'All cycles that were measured, the newest first' },
  response: { 200: Type.Object({ cycles: Type.Array(Cycle) }), ...problems },
}
const one = { tags, summary: 'One cycle', params, response: { 200: Cycle, ...problems } }
const bytes = {
  ...{ tags, summary: 'The frozen figures, byte for byte', params: revisionParams },
  response: problems,
}
const revised = {
  ...{ tags, summary: 'What a revision changed: old and new', params: revisionParams },
  response: { 200: Differences, ...problems },
}
const difference = {
  ...{ tags, summary: 'How a frozen cycle differs from what is known now', params },
  response: { 200: Differences, ...problems, 409: Problem },
}
const changes = {
  ...{ tags, summary: 'Published figures of an open cycle that changed, newest first', params },
  response: { 200: Changes, ...problems },
}
const freeze = {
  ...{ tags, summary: 'Propose to freeze a cycle; a second account must approve' },
  ...{ params, body: Reason, response: changed },
}
const revise = {
  ...{ tags, summary: 'Propose a revision of a frozen cycle; a second account must approve' },
  ...{ params, body: Decided, response: changed },
}
const decide = {
  ...{ tags, summary: 'Approve or refuse what another account proposed' },
  ...{ params, body: Decided, response: changed },
}
const confirm = {
  ...{ tags, summary: 'Publish figures that are held back' },
  ...{ body: Reason, response: { 200: Type.Object({ held: Type.Boolean() }), ...problems } },
}

/** What cycles are put together from. */
export type CyclesWiring = Pick<CyclesOptions, 'now' | 'onChange'> & {
  readonly store: CyclesOptions['store'] & CycleWatchOptions['store']
  readonly loop: WindowSource & Pick<EvaluationLoop, 'freeze' | 'confirm' | 'follow'>
  readonly sessions: Sessions
}

/** Opens the cycles and adds all routes about them and about windows on demand. */
export async function addCycles(
  app: FastifyInstance,
  { loop, sessions, ...rest }: CyclesWiring,
): Promise<Cycles> {
  for (const fault of await checkCycles(rest.store)) app.log.error({ fault }, 'frozen figures')
  loop.follow(rest.store)
  const cycles = await Cycles.open({
    ...rest,
    views: loop,
    freeze: (...asked) => loop.freeze(...asked),
    confirm: () => loop.confirm(),
  })
  await app.register(cycleRoutes(cycles, loop, sessions))
  await app.register(windowRoutes(loop, cycles, sessions))
  return cycles
}

const base = '/api/v1/cycles'

/** Cycles: frozen by two persons, revised by two persons, and compared with what is known now. */
function cycleRoutes(
  cycles: Cycles,
  source: WindowSource,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(base, { schema: list, config: { access: everyone } }, async (asked) => {
      const account = await requireAccount(asked, sessions)
      return { cycles: (await cycles.list()).map((cycle) => shown(account, cycle)) }
    })

    app.get(`${base}/:cycle`, { schema: one, config: { access: everyone } }, async (asked) => {
      const account = await requireAccount(asked, sessions)
      return shown(account, await cycles.get(asked.params.cycle))
    })

    app.get(
      `${base}/:cycle/changes`,
      { schema: changes, config: { access: everyone } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return { changes: await cycles.changes(account, asked.params.cycle) }
      },
    )

    app.get(
      `${base}/:cycle/difference`,
      { schema: difference, config: { access: everyone } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        const { id, from, to } = await cycles.get(asked.params.cycle)
        const frozen = await cycles.frozen(id)
        if (!frozen) throw new AppError('conflict', 'The cycle is not frozen yet.')
        const live = await source.window({ from, to }, true)
        return answered(account, id, frozen.revision, live ? differences(frozen, live) : [])
      },
    )

    app.get(
      `${base}/:cycle/revisions/:revision`,
      { schema: bytes, config: { access: rolesThatMay('read.all') } },
      async (asked, reply) => {
        const { cycle, revision } = asked.params
        const content = await cycles.bytes(cycle, Number(revision))
        return reply.type('application/json').send(content as never) // bytes as they are
      },
    )

    const changesOf = `${base}/:cycle/revisions/:revision/changes`
    app.get(changesOf, { schema: revised, config: { access: everyone } }, async (asked) => {
      const account = await requireAccount(asked, sessions)
      const { cycle, revision } = asked.params
      const { changes } = await cycles.revision(cycle, Number(revision))
      return answered(account, cycle, Number(revision), changes)
    })

    await app.register(actRoutes(cycles, source, sessions))
  }
}

/** What people do about cycles. */
function actRoutes(
  cycles: Cycles,
  source: WindowSource,
  sessions: Sessions,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      `${base}/:cycle/freeze`,
      { schema: freeze, config: { access: rolesThatMay('cycles.propose') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        return cycles.propose(account, asked.params.cycle, 0, asked.body.why)
      },
    )

    app.post(
      `${base}/:cycle/revisions`,
      { schema: revise, config: { access: rolesThatMay('cycles.propose') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        const { revision, why } = asked.body
        return cycles.propose(account, asked.params.cycle, revision, why)
      },
    )

    for (const [path, is] of [
      ['approve', 'approved'],
      ['refuse', 'refused'],
    ] as const) {
      app.post(
        `${base}/:cycle/${path}`,
        { schema: decide, config: { access: rolesThatMay('cycles.decide') } },
        async (asked) => {
          const account = await requireAccount(asked, sessions)
          const { revision, why } = asked.body
          return cycles.decide(account, asked.params.cycle, revision, is, why)
        },
      )
    }

    app.post(
      '/api/v1/publish/confirm',
      { schema: confirm, config: { access: rolesThatMay('figures.confirm') } },
      async (asked) => {
        const account = await requireAccount(asked, sessions)
        await cycles.confirmPublish(account, asked.body.why)
        return { held: source.snapshot()?.held !== undefined }
      },
    )
  }
}

/** An institution is told nothing of how much its neighbours sent. */
function shown(account: Account, cycle: ListedCycle): ListedCycle {
  if (may(account, 'read.all')) return cycle
  const revisions = cycle.revisions.map(({ frozen, ...act }) => {
    const own = Object.entries(frozen.sizes).filter(([log]) => log === account.institution)
    return { ...act, frozen: { ...frozen, sizes: Object.fromEntries(own) } }
  })
  return { ...cycle, revisions }
}

/** An institution is told of the nation and of its own. */
function answered<D extends { readonly figure: string }>(
  account: Account,
  cycle: string,
  revision: number,
  all: readonly D[],
) {
  const changes = visibleChanges(account, all)
  return { cycle, revision, differs: changes.length > 0, changes }
}
