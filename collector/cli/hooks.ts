import { AppError } from '../error.ts'
import { type DeliveryState, deliveryStates } from '../hooks/delivery.ts'
import { ask } from './admin.ts'
import { type Command, type Context, text, type Values } from './command.ts'
import { instant, tableOf } from './table.ts'

type Hook = {
  readonly id: string
  readonly origin: string
  readonly events: readonly string[]
  readonly institutions: readonly string[] | null
  readonly language: string
  readonly counts: Readonly<Record<DeliveryState, number>>
}
type Delivery = {
  readonly number: number
  readonly hook: string
  readonly event: string
  readonly type: string
  readonly institution: string | null
  readonly state: DeliveryState
  readonly madeAt: number
  readonly attempts: number
  readonly triedAt: number | null
  readonly problem: string | null
}

const path = '/api/v1/hooks'
const hookHeads = [
  'HOOK',
  'TO',
  'WAITING',
  'DELIVERED',
  'LOST',
  'LANGUAGE',
  'INSTITUTIONS',
  'EVENTS',
]
const deliveryHeads = [
  ...['NUMBER', 'MADE', 'HOOK', 'EVENT', 'INSTITUTION', 'STATE', 'ATTEMPTS', 'TRIED', 'PROBLEM'],
  'ID',
]

const actions: Readonly<Record<string, (...asked: Asked) => Promise<number>>> = {
  list,
  test,
  deliveries,
}
type Asked = [context: Context, values: Values, id: string | undefined]

/** Shows what web hooks do, and tries them. */
export const hooks: Command = {
  about: 'List web hooks and what was sent to them, or try one.',
  operands: ['ACTION', '[HOOK]'],
  details: `ACTION is list, test (with HOOK) or deliveries (of HOOK, or of all). LOST counts events
that a receiver refused, did not take for a day, or that too many waited for.`,
  options: {
    state: {
      type: 'string',
      value: 'STATE',
      about: `with deliveries: ${deliveryStates.join(', ')}`,
    },
    limit: { type: 'string', value: 'N', about: 'with deliveries: 1 to 1000; default 100' },
  },
  run: async (context, values, [action = '', id]) => {
    if (!Object.hasOwn(actions, action)) {
      const message = `ACTION must be one of ${Object.keys(actions).join(', ')}.`
      throw new AppError('configuration', message)
    }
    return actions[action]!(context, values, id)
  },
}

async function list(context: Context): Promise<number> {
  const answer = await ask<{ hooks: readonly Hook[] }>(context, path)
  const rows = answer.hooks.map(({ id, origin, counts, language, institutions, events }) => [
    ...[id, origin, `${counts.waiting}`, `${counts.delivered}`],
    `${counts.refused + counts.given_up + counts.dropped}`,
    ...[language, institutions?.join(' ') ?? 'all', events.join(' ')],
  ])
  context.out(tableOf(hookHeads, rows))
  return 0
}

async function test(...[context, , id]: Asked): Promise<number> {
  if (id === undefined) throw new AppError('configuration', 'Say which: collector hooks test HOOK')
  type Answer = { status: number | null; problem: string | null }
  const url = `${path}/${encodeURIComponent(id)}/test`
  const { status, problem } = await ask<Answer>(context, url, {})
  if (problem !== null) throw new AppError('unavailable', `It was not taken: ${problem}.`)
  context.out(`It was taken: status ${status}.\n`)
  return 0
}

async function deliveries(...[context, values, id]: Asked): Promise<number> {
  const state = text(values, 'state')
  if (state !== undefined && !deliveryStates.some((each) => each === state)) {
    throw new AppError('configuration', `--state must be one of ${deliveryStates.join(', ')}.`)
  }
  const limit = text(values, 'limit') ?? '100'
  if (!/^([1-9]\d{0,2}|1000)$/.test(limit)) {
    throw new AppError('configuration', '--limit must be 1 to 1000.')
  }
  const asked = { limit, ...(state && { state }), ...(id && { hook: id }) }
  const url = `${path}/deliveries?${new URLSearchParams(asked)}`
  const answer = await ask<{ deliveries: readonly Delivery[] }>(context, url)
  const rows = answer.deliveries.map((row) => [
    ...[`${row.number}`, instant(row.madeAt), row.hook, row.type, row.institution ?? '-'],
    ...[row.state, `${row.attempts}`, instant(row.triedAt), row.problem ?? '-', row.event],
  ])
  context.out(tableOf(deliveryHeads, rows))
  return 0
}
