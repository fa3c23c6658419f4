import { AppError } from '../error.ts'
import { causes } from '../kpi/causes.ts'
import type { ListedDispute } from '../people/disputes.ts'
import { claimedStates } from '../register/disputes.ts'
import { ask } from './admin.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { environmentOptions, hashOf, idOf, pathOf, runAct, timeOf } from './operands.ts'
import { instant, tableOf } from './table.ts'
import { whyOption } from './why.ts'

const heads = ['ID', 'STATE', 'FROM', 'TO', 'INSTITUTION', 'ENVIRONMENT', 'CLAIM', 'REASON']

/** What the command does, by its operand. */
const acts: Readonly<Record<string, (context: Context, values: Values) => Promise<string>>> = {
  list: async (context, values) => {
    const institution = text(values, 'institution')
    const path = institution === undefined ? '' : `/institutions/${idOf(values, 'institution')}`
    const { disputes } = await ask<{ disputes: ListedDispute[] }>(
      context,
      `/api/v1${path}/disputes`,
    )
    return tableOf(heads, disputes.map(rowOf))
  },
  show: async (context, values) => {
    const path = `${pathOf(values, 'disputes')}/${idOf(values, 'id')}`
    return shown(await ask<ListedDispute>(context, path))
  },
  request: async (context, values) => {
    const evidence = text(values, 'evidence')
    const body = {
      ...{ from: timeOf(values, 'from'), to: timeOf(values, 'to'), why: needed(values, 'why') },
      claim: { state: oneOf(values, 'state', claimedStates), cause: causeOf(values) },
      evidenceSha256: evidence === undefined ? null : await hashOf(evidence),
    }
    const { id } = await ask<ListedDispute>(context, pathOf(values, 'disputes'), body)
    return `Dispute ${id} is open: the evaluator decides.\n`
  },
  withdraw: async (context, values) => {
    const path = `${pathOf(values, 'disputes')}/${idOf(values, 'id')}/withdraw`
    const { id } = await ask<ListedDispute>(context, path, { why: needed(values, 'why') })
    return `Dispute ${id} is withdrawn.\n`
  },
}

/** Disputes, as the local administrator. */
export const dispute: Command = {
  about: 'List, show, request or withdraw disputes.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(acts).join(', ')}.
Only the evaluator decides about a dispute, on the board.`,
  options: {
    ...environmentOptions,
    from: { type: 'string', value: 'TIME', about: 'start, e.g. 2027-01-03T22:00+04:00' },
    to: { type: 'string', value: 'TIME', about: 'end' },
    state: { type: 'string', value: 'STATE', about: `claimed: ${claimedStates.join(', ')}` },
    cause: { type: 'string', value: 'CAUSE', about: 'claimed, of time that was not up' },
    evidence: { type: 'string', value: 'FILE', about: 'to be kept; only its SHA-256 is sent' },
    why: whyOption,
  },
  run: runAct(acts),
}

function oneOf<T extends string>(values: Values, name: string, allowed: readonly T[]): T {
  const value = needed(values, name)
  const found = allowed.find((each) => each === value)
  if (found) return found
  throw new AppError('configuration', `--${name} must be one of ${allowed.join(', ')}.`)
}

function causeOf(values: Values) {
  return text(values, 'cause') === undefined ? null : oneOf(values, 'cause', causes)
}

function rowOf(each: ListedDispute): string[] {
  const { id, state, from, to, institution, environment, why } = each
  return [id, state, instant(from), instant(to), institution, environment, claimOf(each.claim), why]
}

function claimOf({ state, cause }: ListedDispute['claim']): string {
  return cause === null ? state : `${state}/${cause}`
}

function shown(each: ListedDispute): string {
  const { decision, now, evidenceSha256 } = each
  const granted = decision?.granted
  const lines = [
    heads.map((head, i) => [head, rowOf(each)[i] ?? '']),
    [['EVIDENCE', evidenceSha256 ?? '-']],
    decision ? [['DECIDED BY', `${decision.by}, ${instant(decision.at)}: ${decision.why}`]] : [],
    granted
      ? [['GRANTED', `${instant(granted.from)} to ${instant(granted.to)}: ${claimOf(granted)}`]]
      : [],
    decision?.before ? [['BEFORE', figuresOf(decision.before)]] : [],
    now ? [['NOW', figuresOf(now)]] : [],
  ].flat()
  return lines.map(([head = '', value]) => `${head.padEnd(13)}${value}\n`).join('')
}

function figuresOf({ cycle, environment, institution }: NonNullable<ListedDispute['now']>): string {
  const range = ({ low, high }: typeof environment) =>
    low && high ? `${low.percent} to ${high.percent} %` : '-'
  return `cycle ${cycle}: environment ${range(environment)}, institution ${range(institution)}`
}
