import { AppError } from '../error.ts'
import type { ListedDeclaration } from '../people/declarations.ts'
import { ask } from './admin.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { environmentOptions, hashOf, idOf, runAct, timeOf } from './operands.ts'
import { instant, tableOf } from './table.ts'
import { whyOption } from './why.ts'

const heads = ['ID', 'STATE', 'INSTITUTION', 'ENVIRONMENT', 'ABOUT', 'VALUE', 'EXPIRES', 'EVIDENCE']

/** Declares something of an institution, as the local administrator. */
export const declare: Command = {
  about: 'Declare a metric, a waiver, or that something does not apply.',
  details: `One of --metric with --value, --waiver and --not-applicable is given. The same again
renews a declaration. The evaluator reviews it on the board.`,
  options: {
    institution: { type: 'string', value: 'ID', about: 'whose' },
    environment: { type: 'string', value: 'ID', about: 'of which environment; else of itself' },
    metric: { type: 'string', value: 'NAME', about: 'such as operations.trained_staff' },
    value: { type: 'string', value: 'VALUE', about: 'true, false or a number' },
    waiver: { type: 'string', value: 'CRITERION', about: 'that need not be passed for now: E3' },
    'not-applicable': { type: 'string', value: 'NAME', about: 'metric that does not apply' },
    evidence: { type: 'string', value: 'FILE', about: 'to be kept; only its SHA-256 is sent' },
    expires: { type: 'string', value: 'TIME', about: 'end, e.g. 2027-06-30T00:00+04:00' },
    why: { ...whyOption, about: 'what the evidence is: title, number, date' },
  },
  run: async (context, values) => {
    const environment = text(values, 'environment')
    const body = {
      environment: environment === undefined ? null : idOf(values, 'environment'),
      ...{ about: aboutOf(values), expiresAt: timeOf(values, 'expires') },
      ...{
        detail: needed(values, 'why'),
        evidenceSha256: await hashOf(needed(values, 'evidence')),
      },
    }
    const path = `/api/v1/institutions/${idOf(values, 'institution')}/declarations`
    const { id } = await ask<ListedDeclaration>(context, path, body)
    context.out(`Declaration ${id} waits: the evaluator reviews it.\n`)
    return 0
  },
}

/** What there is to review. */
export const review: Command = {
  about: 'List the declarations that wait for a review, oldest first.',
  details: 'Reviews themselves are done on the board, by the ministry or the evaluator.',
  run: async (context) => {
    context.out(await table(context, '/api/v1/declarations?state=open'))
    return 0
  },
}

/** What the command does, by its operand. */
const acts: Readonly<Record<string, (context: Context, values: Values) => Promise<string>>> = {
  list: (context, values) => {
    const isAll = text(values, 'institution') === undefined
    const path = isAll ? '' : `/institutions/${idOf(values, 'institution')}`
    return table(context, `/api/v1${path}/declarations`)
  },
  show: async (context, values) => shown(await ask<ListedDeclaration>(context, pathOf(values))),
  withdraw: async (context, values) => {
    const path = `${pathOf(values)}/withdraw`
    const { id } = await ask<ListedDeclaration>(context, path, { why: needed(values, 'why') })
    return `Declaration ${id} is withdrawn.\n`
  },
}

/** Declarations, as the local administrator. */
export const declarations: Command = {
  about: 'List, show or withdraw declarations.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(acts).join(', ')}.`,
  options: {
    institution: environmentOptions.institution!,
    id: environmentOptions.id!,
    why: whyOption,
  },
  run: runAct(acts),
}

function aboutOf(values: Values): object {
  const [metric, criterion, other] = ['metric', 'waiver', 'not-applicable'].map((name) =>
    text(values, name),
  )
  if ([metric, criterion, other].filter((each) => each !== undefined).length !== 1) {
    const message = 'Say one of --metric, --waiver and --not-applicable.'
    throw new AppError('configuration', message)
  }
  if (metric !== undefined) return { kind: 'metric', metric, value: valueFrom(values) }
  if (text(values, 'value') !== undefined) {
    throw new AppError('configuration', '--value goes with --metric.')
  }
  if (criterion !== undefined) return { kind: 'waiver', criterion }
  return { kind: 'not_applicable', metric: other }
}

function valueFrom(values: Values): number | boolean {
  const value = needed(values, 'value')
  if (value === 'true' || value === 'false') return value === 'true'
  if (/^\d{1,9}(\.\d{1,9})?$/.test(value)) return Number(value)
  throw new AppError('configuration', '--value must be true, false or a number, as 45.')
}

function pathOf(values: Values): string {
  const institution = idOf(values, 'institution')
  return `/api/v1/institutions/${institution}/declarations/${idOf(values, 'id')}`
}

async function table(context: Context, path: string): Promise<string> {
  const { declarations } = await ask<{ declarations: ListedDeclaration[] }>(context, path)
  return tableOf(heads, declarations.map(rowOf))
}

function rowOf(each: ListedDeclaration): string[] {
  const { id, state, institution, environment, about, expiresAt, detail } = each
  const subject = about.kind === 'waiver' ? about.criterion : about.metric
  const value = about.kind === 'metric' ? String(about.value) : about.kind
  return [id, state, institution, environment ?? '-', subject, value, instant(expiresAt), detail]
}

function shown(each: ListedDeclaration): string {
  const { decision, evidenceSha256, requestedBy, requestedAt } = each
  const lines = [
    ...heads.map((head, i) => [head, rowOf(each)[i] ?? '']),
    ['SHA-256', evidenceSha256],
    ['DECLARED BY', `${requestedBy}, ${instant(requestedAt)}`],
    ...(decision
      ? [
          [
            'REVIEWED BY',
            `${decision.by}, ${instant(decision.at)}: ${decision.is}, ${decision.why}`,
          ],
        ]
      : []),
  ]
  return lines.map(([head = '', value]) => `${head.padEnd(13)}${value}\n`).join('')
}
