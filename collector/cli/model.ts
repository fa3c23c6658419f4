import { readFileSync } from 'node:fs'
import { AppError } from '../error.ts'
import type { ChangeKind, ModelChange } from '../model/difference.ts'
import { readModelFile } from '../model/read-model.ts'
import { ask } from './admin.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { runAct } from './operands.ts'
import { instant, tableOf } from './table.ts'
import { whyOption } from './why.ts'

type Mark = { readonly id: string; readonly version: string; hash: string; status: string }
type Act = {
  readonly mark: Mark
  readonly from: number
  readonly to: number | null
  readonly requestedBy: string
  readonly decision: { readonly is: string; readonly by: string; readonly at: number } | null
}
type Percent = { readonly percent: string } | null
type Row = {
  readonly stage: string
  readonly low: Percent
  readonly high: Percent
  readonly level: { readonly low: string; readonly high: string } | null
  readonly enabled: string
} | null
type Side = {
  readonly mark: Mark
  readonly nation: { readonly members: number; low: Percent; high: Percent; enabled: number }
} | null
type Trial = {
  readonly before: Side
  readonly after: Side
  readonly institutions: readonly { readonly id: string; before: Row; after: Row }[]
}

const heads = ['MODEL', 'STATE', 'FROM', 'TO', 'PROPOSED', 'DECIDED', 'AT', 'SHA-256']
const trialHeads = ['WHO', 'LOW', 'NEW LOW', 'HIGH', 'NEW HIGH', 'LEVEL', 'NEW LEVEL', 'ENABLED']

/** What the command does, by its operand. */
const acts: Parameters<typeof runAct>[0] = {
  check: async (_context, _values, operands) => {
    const file = fileOf(operands)
    const { model, from, to } = readModelFile(textOf(file), file)
    const { id, version, hash, dimensions, enabled } = model
    const indicators = dimensions.flatMap((dimension) => dimension.indicators)
    const size = `${dimensions.length} dimensions, ${indicators.length} indicators`
    const holds = `from ${instant(from)}${to === null ? '' : ` to ${instant(to)}`}`
    return `${file} is right: ${id} ${version}, ${size}, ${enabled.length} criteria, ${holds}.
SHA-256 ${hash}\n`
  },
  diff: async (context, _values, operands) => {
    const asked = { text: checkedText(operands) }
    type Answer = { against: Mark; kind: ChangeKind; changes: readonly ModelChange[] }
    const answer = await ask<Answer>(context, '/api/v1/models/difference', asked)
    const { against, kind, changes } = answer
    const rows = changes.map((change) => [change.path, change.old ?? '-', change.new ?? '-'])
    const table = rows.length === 0 ? '' : tableOf(['WHAT', 'OLD', 'NEW'], rows)
    const step = rows.length === 0 ? 'No difference' : `Differences: ${rows.length}, a ${kind} step`
    return `${table}${step}; compared with ${named(against)}.\n`
  },
  'what-if': async (context, values, operands) => {
    const cycle = text(values, 'cycle')
    const asked = { text: checkedText(operands), ...(cycle !== undefined && { cycle }) }
    return trialText(await ask<Trial>(context, '/api/v1/models/what-if', asked))
  },
  propose: async (context, values, operands) => {
    const asked = { text: checkedText(operands), why: needed(values, 'why') }
    const { mark } = await ask<Act>(context, '/api/v1/models', asked)
    return `Model ${named(mark)} waits for another account.\n`
  },
  approve: (context, values, operands) => decided(context, values, operands, 'approve'),
  refuse: (context, values, operands) => decided(context, values, operands, 'refuse'),
  list: async (context) => {
    type Answer = { inForce: { mark: Mark; from: number | null }; models: readonly Act[] }
    const { inForce, models } = await ask<Answer>(context, '/api/v1/models')
    const since = inForce.from === null ? '; none is approved' : ` since ${instant(inForce.from)}`
    return `${tableOf(heads, models.map(rowOf))}In force: ${named(inForce.mark)}${since}.\n`
  },
  show: async (context, _values, operands) => {
    const answer = await ask<{ model: unknown }>(context, pathOf(operands))
    return `${JSON.stringify(answer.model, null, 2)}\n`
  },
}

/** Readiness models, as the local administrator. */
export const model: Command = {
  about: 'Check, compare, try, propose or approve readiness models.',
  operands: ['ACT', '[FILE or MODEL]'],
  details: `ACT is ${Object.keys(acts).join(', ')}.
check, diff, what-if and propose read a FILE; approve, refuse and show are about a MODEL as list
names it, such as om-infra/1.0.0; show without one prints what computes now. Whoever proposed a
model cannot approve it. Only check needs no collector that runs.`,
  options: {
    cycle: { type: 'string', value: 'ID', about: 'with what-if: as of its end, such as 2027-04' },
    why: whyOption,
  },
  run: runAct(acts),
}

async function decided(
  context: Context,
  values: Values,
  operands: readonly string[],
  act: 'approve' | 'refuse',
): Promise<string> {
  if (operands.length === 0) throw new AppError('configuration', 'Say which MODEL.')
  const asked = { why: needed(values, 'why') }
  const { mark, decision } = await ask<Act>(context, `${pathOf(operands)}/${act}`, asked)
  return `Model ${mark.id}/${mark.version} is ${decision?.is}.\n`
}

function pathOf([key]: readonly string[]): string {
  if (key === undefined) return '/api/v1/models/current'
  if (/^[a-z][a-z0-9-]{0,39}\/\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(key)) return `/api/v1/models/${key}`
  throw new AppError('configuration', 'MODEL must be such as om-infra/1.0.0.')
}

/** The text of the file, after it was checked here: problems then bear the file's own name. */
function checkedText(operands: readonly string[]): string {
  const file = fileOf(operands)
  const content = textOf(file)
  readModelFile(content, file)
  return content
}

function fileOf([file]: readonly string[]): string {
  if (file === undefined) throw new AppError('configuration', 'Say which FILE.')
  return file
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new AppError('configuration', `Cannot read ${file}.`, { cause })
  }
}

function named({ id, version, status }: Mark): string {
  return `${id}/${version} (${status})`
}

function rowOf({ mark, from, to, requestedBy, decision }: Act): string[] {
  const state = decision === null ? 'waiting' : decision.is
  const times = [instant(from), instant(to)]
  const decidedBy = [decision?.by ?? '-', instant(decision?.at ?? null)]
  return [`${mark.id}/${mark.version}`, state, ...times, requestedBy, ...decidedBy, mark.hash]
}

function trialText({ before, after, institutions }: Trial): string {
  const nation = [before?.nation, after?.nation]
  const head = ['nation', ...bounds(nation[0], nation[1]), '-', '-', enabledOf(nation)]
  const rows = institutions.map((row) => {
    const [old, fresh] = [row.before, row.after]
    const enabled = `${old?.enabled ?? '-'} -> ${fresh?.enabled ?? '-'}`
    return [row.id, ...bounds(old, fresh), levelOf(old), levelOf(fresh), enabled]
  })
  const versions = [before, after].map((side) => (side ? named(side.mark) : 'no model'))
  return `A TRIAL, NOT OFFICIAL: ${versions.join(' -> ')}\n${tableOf(trialHeads, [head, ...rows])}`
}

type Bounds = { readonly low: Percent; readonly high: Percent } | null | undefined

function bounds(old: Bounds, fresh: Bounds): string[] {
  return [old?.low, fresh?.low, old?.high, fresh?.high].map((bound) => bound?.percent ?? '-')
}

function levelOf(row: Row): string {
  if (!row?.level) return row?.stage ?? '-'
  const { low, high } = row.level
  return low === high ? low : `${low} to ${high}`
}

function enabledOf(sides: readonly ({ readonly enabled: number } | undefined)[]): string {
  return sides.map((side) => side?.enabled ?? '-').join(' -> ')
}
