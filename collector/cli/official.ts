import { AppError } from '../error.ts'
import { ask } from './admin.ts'
import { type Command, type Context, needed, text, type Values } from './command.ts'
import { idOf, runAct } from './operands.ts'
import { askedOf, fileOf, fileOptions, type Imported, importing } from './published-file.ts'
import { tableOf } from './table.ts'

type Result = {
  readonly cycle: string
  readonly institution: string
  readonly indexPercent: number
  readonly level: string | null
  readonly date: string
  readonly source: string
}

const heads = ['CYCLE', 'INSTITUTION', 'INDEX %', 'LEVEL', 'PUBLISHED', 'SOURCE']

/** What the command does, by its operand. */
const acts: Readonly<Record<string, (context: Context, values: Values) => Promise<string>>> = {
  import: (context, values) => {
    const { name, content } = fileOf(values)
    const body = { format: formatOf(name), content, ...askedOf(values) }
    return importing(context, name, ask<Imported>(context, `${pathOf(values)}/import`, body))
  },
  list: async (context, values) => {
    const query = text(values, 'cycle') === undefined ? '' : `?cycle=${cycleOf(values)}`
    const { results } = await ask<{ results: Result[] }>(context, `/api/v1/official${query}`)
    return tableOf(heads, results.map(rowOf))
  },
  withdraw: async (context, values) => {
    const body = { institution: idOf(values, 'institution'), why: needed(values, 'why') }
    await ask(context, `${pathOf(values)}/withdraw`, body)
    return `The official result of ${body.institution} for ${cycleOf(values)} is withdrawn.\n`
  },
}

/** Official results, as the local administrator. */
export const official: Command = {
  about: 'Import, list or withdraw official results of a cycle.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(acts).join(', ')}.
import reads a CSV or JSON file and shows what it would change; with --apply it does so. A file with
any fault is refused whole. Official results stand beside what is measured and never replace it.`,
  options: {
    cycle: { type: 'string', value: 'ID', about: 'which one, such as 2027-04' },
    institution: { type: 'string', value: 'ID', about: 'with withdraw; national is the nation' },
    ...fileOptions,
  },
  run: runAct(acts),
}

function formatOf(name: string): 'csv' | 'json' {
  const ending = /\.(csv|json)$/i.exec(name)?.[1]?.toLowerCase()
  if (ending === 'csv' || ending === 'json') return ending
  throw new AppError('configuration', '--file must end in .csv or .json.')
}

function cycleOf(values: Values): string {
  const id = needed(values, 'cycle')
  if (/^\d{4}-\d{2}$/.test(id)) return id
  throw new AppError('configuration', '--cycle must be an id such as 2027-04.')
}

function pathOf(values: Values): string {
  return `/api/v1/official/${cycleOf(values)}`
}

function rowOf({ cycle, institution, indexPercent, level, date, source }: Result): string[] {
  return [cycle, institution, indexPercent.toFixed(2), level ?? '-', date, source]
}
