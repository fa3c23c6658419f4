import { readProgramme } from '../official/read-programme.ts'
import { ask } from './admin.ts'
import type { Command, Context, Values } from './command.ts'
import { runAct } from './operands.ts'
import { askedOf, fileOf, fileOptions, type Imported, importing } from './published-file.ts'
import { tableOf } from './table.ts'

type Value = {
  readonly kind: string
  readonly count?: number
  readonly percent?: number
  readonly parts?: readonly number[]
  readonly denominator: number | null
  readonly date: string
  readonly source: string
}
type Figure = { readonly id: string; readonly values: readonly Value[] }

const heads = ['ID', 'KIND', 'COUNT', 'PERCENT', 'OF', 'AS OF', 'SOURCE']

/** What the command does, by its operand. */
const acts: Readonly<Record<string, (context: Context, values: Values) => Promise<string>>> = {
  check: async ({ now }, values) => {
    const { name, content } = fileOf(values)
    const figures = readProgramme(content, name, now())
    return `The file is right. Figures: ${figures.length}.\n`
  },
  import: (context, values) => {
    const { name, content } = fileOf(values)
    const body = { content, ...askedOf(values) }
    return importing(context, name, ask<Imported>(context, '/api/v1/programme/import', body))
  },
  list: async (context) => {
    const { figures } = await ask<{ figures: Figure[] }>(context, '/api/v1/programme')
    return tableOf(heads, figures.flatMap(rowsOf))
  },
}

/** The published figures of the programme, as the local administrator. */
export const programme: Command = {
  about: 'Check, import or list the published figures of the programme.',
  operands: ['ACT'],
  details: `ACT is ${Object.keys(acts).join(', ')}.
import reads programme.yaml and shows what it would change; with --apply it does so. The file is all
there is: a figure that it does not name is taken back. check needs no collector.`,
  options: fileOptions,
  run: runAct(acts),
}

function rowsOf({ id, values }: Figure): string[][] {
  return values.map(({ kind, count, percent, parts, denominator, date, source }) => {
    const share = parts?.join(' / ') ?? percent ?? '-'
    return [id, kind, `${count ?? '-'}`, `${share}`, `${denominator ?? '-'}`, date, source]
  })
}
