import { AppError } from '../error.ts'
import type { Workload, WorkloadPlace } from '../kpi/migration/workload.ts'
import { ask } from './admin.ts'
import { type Command, type Context, needed, type Option, text, type Values } from './command.ts'
import { idOf, runAct } from './operands.ts'
import { tableOf } from './table.ts'
import { whyOption } from './why.ts'
import { applyOption, workloadFileActs, workloadFileDetails } from './workload-files.ts'

const heads = ['ID', 'STATE', 'STRATEGY', 'WEIGHT', 'PROVIDER', 'WAVE', 'FINISH', 'OWNER']

/** Options that set one field each, with the words of the help. */
const wordFields = {
  criticality: 'critical, important or supporting',
  'data-class': 'id of a data class of the policy',
  strategy: 'rehost, replatform, repurchase, refactor, relocate, retain or retire',
  wave: 'in which it moves',
  owner: 'post or team that answers for it',
  provider: 'id of the provider that is to host it',
  'service-since': 'day since when it is in service',
  'planned-start': 'day on which it is to start',
  'planned-finish': 'day on which it is to be done',
  'started-on': 'day on which it started',
  'cut-over-on': 'day on which the target took over',
  'retired-on': 'day on which it was retired',
  state: 'identified, assessed, planned, preparing, migrating, cut_over or retired',
} as const

const own: Readonly<Record<string, Option>> = {
  institution: { type: 'string', value: 'ID', about: 'whose; must be given' },
  id: { type: 'string', value: 'ID', about: 'which workload; for all but list' },
}
const putOptions: Readonly<Record<string, Option>> = {
  'name-ar': { type: 'string', value: 'NAME', about: 'its Arabic name' },
  'name-en': { type: 'string', value: 'NAME', about: 'its English name' },
  weight: { type: 'string', value: 'NUMBER', about: '1 to 100; else that of its criticality' },
  source: { type: 'string', value: 'ID', about: 'hosting environment where it is, or was' },
  'source-hosts': { type: 'string', value: 'NAMES', about: 'its hosts there, such as db-1,db-2' },
  target: { type: 'string', value: 'ID', about: 'hosting environment where it goes' },
  'target-hosts': { type: 'string', value: 'NAMES', about: 'its hosts there' },
  ...Object.fromEntries(
    Object.entries(wordFields).map(([name, about]) => [
      name,
      { type: 'string' as const, value: 'VALUE', about },
    ]),
  ),
  blocked: { type: 'string', value: 'REASON', about: 'what keeps it from going on' },
  'blocked-since': { type: 'string', value: 'DAY', about: 'with --blocked: since when' },
}

/** What the command does, by its operand. */
const acts: Parameters<typeof runAct>[0] = {
  list: async (context, values) => {
    const { workloads: all } = await ask<{ workloads: Workload[] }>(context, base(values))
    return tableOf(heads, all.map(rowOf))
  },
  show: async (context, values) => {
    const found = await ask<Workload>(context, pathOf(values))
    return `${JSON.stringify(found, null, 2)}\n`
  },
  put: async (context, values) => {
    const why = needed(values, 'why')
    const known = await knownOf(context, values)
    const body = { ...changed(known, values), why }
    const told = telling(context, ask<Workload>(context, pathOf(values), body, 'PUT'))
    const { id, state, isRolledBack } = await told
    return `Workload ${id} is ${state}${isRolledBack ? ', rolled back' : ''}.\n`
  },
  remove: async (context, values) => {
    await ask(context, pathOf(values), { why: needed(values, 'why') }, 'DELETE')
    return `Workload ${idOf(values, 'id')} is removed.\n`
  },
  ...workloadFileActs,
}

/** Workloads, as the local administrator. */
export const workloads: Command = {
  about: 'List, show, register, import or remove workloads of an institution.',
  operands: ['ACT', '[FILE]'],
  details: `ACT is ${Object.keys(acts).join(', ')}. put registers a workload, or changes what is
said of one and leaves the rest; the value - empties a field. Days are written 2027-03-31.
${workloadFileDetails}`,
  options: { ...own, ...putOptions, apply: applyOption, why: whyOption },
  run: runAct(acts),
}

function base(values: Values): string {
  return `/api/v1/institutions/${idOf(values, 'institution')}/workloads`
}

function pathOf(values: Values): string {
  return `${base(values)}/${idOf(values, 'id')}`
}

async function knownOf(context: Context, values: Values): Promise<Workload | null> {
  try {
    return await ask<Workload>(context, pathOf(values))
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null
    throw error
  }
}

/** All fields as they are to stand: what was said, on top of what is known. */
function changed(known: Workload | null, values: Values): Record<string, unknown> {
  const { id: _id, isRolledBack: _is, ...rest } = known ?? ({} as Partial<Workload>)
  const given = (name: string) => emptied(text(values, name))
  const word = (name: string, before: unknown) => {
    const value = given(name)
    return value === undefined ? before : value
  }
  const words = Object.keys(wordFields).map((name) => {
    const field = name.replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase())
    return [field, word(name, rest[field as keyof typeof rest])]
  })
  const weight = text(values, 'weight')
  const name = { ar: word('name-ar', rest.name?.ar), en: word('name-en', rest.name?.en) }
  return {
    ...rest,
    ...Object.fromEntries(words),
    name,
    ...(weight !== undefined && { weight: Number(weight) }),
    source: placeOf('source', rest.source ?? null, given),
    target: placeOf('target', rest.target ?? null, given),
    blocked: blockedOf(rest.blocked ?? null, given),
  }
}

type Given = (name: string) => string | null | undefined

function emptied(value: string | undefined): string | null | undefined {
  return value === '-' ? null : value
}

/** Another environment has other hosts. */
function placeOf(name: string, before: WorkloadPlace | null, given: Given): object | null {
  const [environment, names] = [given(name), given(`${name}-hosts`)]
  if (environment === null) return null
  const place = environment === undefined ? before : { environment, hosts: [] }
  if (names === undefined) return place
  if (!place) throw new AppError('configuration', `--${name}-hosts goes with --${name}.`)
  return { ...place, hosts: names?.split(',') ?? [] }
}

function blockedOf(before: Workload['blocked'], given: Given): object | null {
  const [reason, since] = [given('blocked'), given('blocked-since')]
  if (reason === null) return null
  if (reason === undefined && since === undefined) return before
  const [words, day] = [reason ?? before?.reason, since ?? before?.since]
  if (words === undefined || day === undefined) {
    throw new AppError('configuration', '--blocked and --blocked-since go together.')
  }
  return { reason: words, since: day }
}

/** Prints each problem of a refusal on a line of its own before it is thrown on. */
async function telling<T>({ err }: Context, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const { problems } = error instanceof AppError ? error.detail : {}
    for (const { field, message } of Array.isArray(problems) ? problems : []) {
      err(`${field}: ${message}\n`)
    }
    throw error
  }
}

function rowOf(each: Workload): string[] {
  const { id, state, isRolledBack, strategy, weight, provider, wave, plannedFinish, owner } = each
  const shown = isRolledBack ? `${state} (rolled back)` : state
  const words = [strategy, String(weight), provider, wave, plannedFinish, owner]
  return [id, shown, ...words.map((word) => word ?? '-')]
}
