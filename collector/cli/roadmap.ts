import { AppError } from '../error.ts'
import type { BaselineDraft, ListedBaseline, ListedExemption } from '../people/roadmap.ts'
import { ask } from './admin.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { environmentOptions, idOf, runAct, timeOf } from './operands.ts'
import { instant, tableOf } from './table.ts'
import { whyOption } from './why.ts'

type Acts = Readonly<Record<string, (context: Context, values: Values) => Promise<string>>>

const baselineHeads = [
  'NUMBER',
  'STATE',
  'START',
  'WORKLOADS',
  'LAST FINISH',
  'PROPOSED',
  'DECIDED',
]
const promiseHeads = ['WORKLOAD', 'WEIGHT', 'FINISH']
const exemptionHeads = ['ID', 'STATE', 'INSTITUTION', 'WORKLOAD', 'EXPIRES', 'DECIDED', 'REASON']

const roadmapActs: Acts = {
  show: async (context, values) => {
    const base = pathOf(values, 'baselines')
    const { baselines } = await ask<{ baselines: ListedBaseline[] }>(context, base)
    const known = tableOf(baselineHeads, baselines.map(baselineRow))
    if (text(values, 'start') === undefined) return known
    const draft = await ask<BaselineDraft>(context, `${base}/draft?startOn=${startOf(values)}`)
    return `${known}\n${draftText(draft)}`
  },
  propose: async (context, values) => {
    const body = { startOn: startOf(values), why: needed(values, 'why') }
    const { id } = await ask<ListedBaseline>(context, pathOf(values, 'baselines'), body)
    return `Baseline ${id} waits: another body decides.\n`
  },
  approve: (context, values) => decideBaseline(context, values, 'approve'),
  refuse: (context, values) => decideBaseline(context, values, 'refuse'),
  withdraw: (context, values) => decideBaseline(context, values, 'withdraw'),
}

/** Roadmaps of institutions, as the local administrator. */
export const roadmap: Command = {
  about: 'Show, propose or decide the roadmap of an institution to the cloud.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(roadmapActs).join(', ')}.
A proposal holds the planned finish of every workload as it stands. Once another body has approved
it, it never changes: number 1 is the baseline for ever, later ones stand beside it. show --start
tells what a proposal would hold, and all that is missing. An admin acts for the ministry.`,
  options: {
    institution: { type: 'string', value: 'ID', about: 'whose' },
    start: { type: 'string', value: 'DAY', about: 'first day of the plan, such as 2027-01-01' },
    number: { type: 'string', value: 'N', about: 'with approve, refuse, withdraw' },
    why: whyOption,
  },
  run: runAct(roadmapActs),
}

const exemptionActs: Acts = {
  list: async (context, values) => {
    const isAll = text(values, 'institution') === undefined
    const path = isAll ? '/api/v1/exemptions' : pathOf(values, 'exemptions')
    const { exemptions } = await ask<{ exemptions: ListedExemption[] }>(context, path)
    return tableOf(exemptionHeads, exemptions.map(exemptionRow))
  },
  ask: async (context, values) => {
    const body = {
      workload: idOf(values, 'workload'),
      ...{ expiresAt: timeOf(values, 'expires'), reason: needed(values, 'why') },
    }
    const { id } = await ask<ListedExemption>(context, pathOf(values, 'exemptions'), body)
    return `Exemption ${id} waits: another body decides.\n`
  },
  approve: (context, values) => decideExemption(context, values, 'approve'),
  refuse: (context, values) => decideExemption(context, values, 'refuse'),
  withdraw: (context, values) => decideExemption(context, values, 'withdraw'),
}

/** Exemptions of workloads, as the local administrator. */
export const exemption: Command = {
  about: 'List, ask for or decide exemptions of workloads from the move to the cloud.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(exemptionActs).join(', ')}.
An exemption holds for at most 24 months, and from its expiry on its workload is in breach. Another
body decides than the one that asked; an admin acts for the ministry.`,
  options: {
    institution: environmentOptions.institution!,
    workload: { type: 'string', value: 'ID', about: 'with ask: which one may stay' },
    expires: { type: 'string', value: 'TIME', about: 'end, e.g. 2027-06-30T00:00+04:00' },
    id: environmentOptions.id!,
    why: whyOption,
  },
  run: runAct(exemptionActs),
}

type Act = 'approve' | 'refuse' | 'withdraw'

async function decideBaseline(context: Context, values: Values, act: Act): Promise<string> {
  const number = needed(values, 'number')
  if (!/^[1-9]\d{0,2}$/.test(number)) {
    throw new AppError('configuration', '--number must be a number, as show lists it.')
  }
  const path = `${pathOf(values, 'baselines')}/${number}/${act}`
  const { id, state } = await ask<ListedBaseline>(context, path, { why: needed(values, 'why') })
  return `Baseline ${id} is ${state}.\n`
}

async function decideExemption(context: Context, values: Values, act: Act): Promise<string> {
  const path = `${pathOf(values, 'exemptions')}/${idOf(values, 'id')}/${act}`
  const { id, state } = await ask<ListedExemption>(context, path, { why: needed(values, 'why') })
  return `Exemption ${id} is ${state.replace('_', ' ')}.\n`
}

function pathOf(values: Values, kind: 'baselines' | 'exemptions'): string {
  return `/api/v1/institutions/${idOf(values, 'institution')}/${kind}`
}

function startOf(values: Values): string {
  const day = needed(values, 'start')
  if (/^\d{4}-\d{2}-\d{2}$/.test(day)) return day
  throw new AppError('configuration', '--start must be a day such as 2027-01-01.')
}

function draftText({ workloads, problems }: BaselineDraft): string {
  const rows = workloads.map(({ id, weight, finishOn }) => [id, String(weight), finishOn])
  const against = problems.map(({ field, message }) => `${field} ${message}\n`).join('')
  const words = against === '' ? 'It can be proposed.\n' : `It cannot be proposed yet:\n${against}`
  return `${tableOf(promiseHeads, rows)}\n${words}`
}

function baselineRow(each: ListedBaseline): string[] {
  const { id, state, startOn, workloads, requestedBy, requestedAt } = each
  const last =
    workloads
      .map(({ finishOn }) => finishOn)
      .sort()
      .at(-1) ?? '-'
  const proposed = `${requestedBy}, ${instant(requestedAt)}`
  return [id, state, startOn, String(workloads.length), last, proposed, decidedText(each)]
}

function exemptionRow(each: ListedExemption): string[] {
  const { id, state, institution, workload, expiresAt, reason } = each
  return [id, state, institution, workload, instant(expiresAt), decidedText(each), reason]
}

function decidedText({ decision }: Pick<ListedBaseline, 'decision'>): string {
  return decision ? `${decision.is} by ${decision.by}, ${instant(decision.at)}` : '-'
}
