import { ask } from './admin.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { environmentOptions, idOf, pathOf, runAct, timeOf } from './operands.ts'
import { instant, tableOf } from './table.ts'
import { whyOption } from './why.ts'

type Window = {
  readonly id: string
  readonly institution: string
  readonly environment: string
  readonly from: number
  readonly to: number
  readonly state: string
  readonly requestedBy: string
  readonly why: string
}

const heads = ['ID', 'STATE', 'FROM', 'TO', 'INSTITUTION', 'ENVIRONMENT', 'ASKED BY', 'REASON']

/** What the command does, by its operand. */
const acts: Readonly<Record<string, (context: Context, values: Values) => Promise<string>>> = {
  list: async (context, values) => {
    const institution = text(values, 'institution')
    const path = institution === undefined ? '' : `/institutions/${idOf(values, 'institution')}`
    const { windows } = await ask<{ windows: Window[] }>(context, `/api/v1${path}/maintenance`)
    return tableOf(heads, windows.map(rowOf))
  },
  request: async (context, values) => {
    const span = { from: timeOf(values, 'from'), to: timeOf(values, 'to') }
    const body = { ...span, why: needed(values, 'why') }
    const { id, state } = await ask<Window>(context, pathOf(values, 'maintenance'), body)
    return `Maintenance ${id} is ${state}: another account must approve it before it starts.\n`
  },
  approve: (context, values) => change(context, values, 'approve'),
  refuse: (context, values) => change(context, values, 'refuse'),
  shorten: (context, values) => change(context, values, 'shorten', { to: timeOf(values, 'to') }),
  withdraw: (context, values) => change(context, values, 'withdraw'),
}

/** Maintenance windows, as the local administrator. */
export const maintenance: Command = {
  about: 'List, request, approve, refuse, shorten or withdraw maintenance.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(acts).join(', ')}.
Whoever asked for maintenance cannot approve it: what this command asked for is approved by
somebody else, on the board.`,
  options: {
    ...environmentOptions,
    from: { type: 'string', value: 'TIME', about: 'start, e.g. 2027-01-03T22:00+04:00' },
    to: { type: 'string', value: 'TIME', about: 'end; with shorten the new one' },
    why: whyOption,
  },
  run: runAct(acts),
}

async function change(
  context: Context,
  values: Values,
  act: string,
  more: object = {},
): Promise<string> {
  const id = idOf(values, 'id')
  const body = { ...more, why: needed(values, 'why') }
  const { state, to } = await ask<Window>(
    context,
    `${pathOf(values, 'maintenance')}/${id}/${act}`,
    body,
  )
  return `Maintenance ${id} is ${state}, until ${instant(to)}.\n`
}

function rowOf(window: Window): string[] {
  const { id, state, from, to, institution, environment, requestedBy, why } = window
  return [id, state, instant(from), instant(to), institution, environment, requestedBy, why]
}
