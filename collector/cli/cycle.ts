import { AppError } from '../error.ts'
import { ask } from './admin.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { runAct } from './operands.ts'
import { instant, tableOf } from './table.ts'
import { whyOption } from './why.ts'

type Act = {
  readonly revision: number
  readonly why: string
  readonly requestedBy: string
  readonly decision: { readonly by: string; readonly at: number } | null
  readonly frozen: { readonly sha256: string; readonly length: number } | null
}
type Cycle = {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly state: string
  readonly freezableFrom: number
  readonly proposal: Act | null
  readonly revisions: readonly Act[]
}
type Change = { figure: string; bound?: string; old: string | null; new: string | null }

const cycleHeads = ['CYCLE', 'STATE', 'FROM', 'TO', 'FREEZE FROM', 'REVISIONS', 'WAITING']
const revisionHeads = ['REVISION', 'SHA-256', 'BYTES', 'PROPOSED', 'APPROVED', 'AT', 'REASON']
const changeHeads = ['FIGURE', 'BOUND', 'OLD', 'NEW']

/** What the command does, by its operand. */
const acts: Readonly<Record<string, (context: Context, values: Values) => Promise<string>>> = {
  list: async (context) => {
    const { cycles } = await ask<{ cycles: Cycle[] }>(context, '/api/v1/cycles')
    return tableOf(cycleHeads, cycles.map(rowOf))
  },
  show: async (context, values) => {
    const cycle = await ask<Cycle>(context, pathOf(values))
    const { changes } = await ask<{ changes: Change[] }>(context, `${pathOf(values)}/changes`)
    const revisions = tableOf(revisionHeads, cycle.revisions.map(revisionRow))
    const noted = tableOf(changeHeads, changes.map(changeRow))
    return `${tableOf(cycleHeads, [rowOf(cycle)])}\n${revisions}\n${noted}`
  },
  freeze: (context, values) => act(context, values, 'freeze', {}),
  revise: (context, values) => act(context, values, 'revisions', { revision: numberOf(values) }),
  approve: (context, values) => act(context, values, 'approve', { revision: numberOf(values) }),
  refuse: (context, values) => act(context, values, 'refuse', { revision: numberOf(values) }),
  difference: async (context, values) => {
    const path = `${pathOf(values)}/difference`
    const { changes } = await ask<{ changes: Change[] }>(context, path)
    return tableOf(changeHeads, changes.map(changeRow))
  },
  'confirm-publish': async (context, values) => {
    await ask(context, '/api/v1/publish/confirm', { why: needed(values, 'why') })
    return 'The newest figures are published.\n'
  },
}

/** Cycles, as the local administrator. */
export const cycle: Command = {
  about: 'List, show, freeze or revise cycles; confirm figures that are held back.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(acts).join(', ')}.
Whoever proposed a freeze or a revision cannot approve it: what this command proposed is approved
by somebody else, on the board. Revision 0 is the freeze itself.`,
  options: {
    cycle: { type: 'string', value: 'ID', about: 'which one, such as 2027-04' },
    revision: {
      type: 'string',
      value: 'N',
      about: 'with revise, approve, refuse; 0 is the freeze',
    },
    why: whyOption,
  },
  run: runAct(acts),
}

async function act(context: Context, values: Values, path: string, more: object): Promise<string> {
  const body = { ...more, why: needed(values, 'why') }
  const { id, state, proposal } = await ask<Cycle>(context, `${pathOf(values)}/${path}`, body)
  const waits = proposal ? `; revision ${proposal.revision} waits for another account` : ''
  return `Cycle ${id} is ${state}${waits}.\n`
}

function pathOf(values: Values): string {
  const id = needed(values, 'cycle')
  if (/^\d{4}-\d{2}$/.test(id)) return `/api/v1/cycles/${id}`
  throw new AppError('configuration', '--cycle must be an id such as 2027-04.')
}

function numberOf(values: Values): number {
  const given = text(values, 'revision') ?? ''
  if (/^\d{1,3}$/.test(given)) return Number(given)
  throw new AppError('configuration', '--revision must be a number; 0 is the freeze.')
}

function rowOf({ id, state, from, to, freezableFrom, proposal, revisions }: Cycle): string[] {
  const waiting = proposal ? `revision ${proposal.revision} by ${proposal.requestedBy}` : '-'
  const times = [from, to, freezableFrom].map(instant)
  return [id, state, ...times, String(revisions.length), waiting]
}

function revisionRow({ revision, why, requestedBy, decision, frozen }: Act): string[] {
  const approved = [decision?.by ?? '-', instant(decision?.at ?? null)]
  const bytes = [frozen?.sha256 ?? '-', String(frozen?.length ?? '-')]
  return [String(revision), ...bytes, requestedBy, ...approved, why]
}

function changeRow({ figure, bound = 'low', old, new: fresh }: Change): string[] {
  return [figure, bound, old ?? '-', fresh ?? '-']
}
