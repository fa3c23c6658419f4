import { Type } from 'typebox'
import { DocumentError, type Problem } from '../../protocol/document.ts'
import { explain } from '../../protocol/explain.ts'
import { JsonError, parseJson } from '../../protocol/json.ts'
import { sha256 } from '../../protocol/jws.ts'
import { displayText, Id } from '../../protocol/schema.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { type AxisName, axisNames } from '../kpi/readiness/model.ts'
import { wallAt } from '../kpi/zone.ts'
import { csvLimits, readCsv } from './csv.ts'
import { type OfficialRow, officialLevels } from './official-log.ts'

export const officialFormats = ['csv', 'json'] as const
export type OfficialFormat = (typeof officialFormats)[number]

/** A file as it was handed in. */
export type OfficialFile = {
  /** Only named in messages. */
  readonly name: string
  readonly format: OfficialFormat
  readonly content: string
}

/** What rows are judged by. */
export type OfficialRules = {
  readonly cycle: string
  /** Ids of every institution that the register ever named. */
  readonly institutions: ReadonlySet<string>
  readonly now: EpochMs
  readonly timezone: string
}

const axisColumns = axisNames.map((axis) => `${axis}_percent` as const)
const required = ['institution', 'index_percent', 'source', 'date'] as const
/** The columns of a CSV file. */
export const officialColumns = { required, optional: ['level', ...axisColumns] as const }

const closed = { additionalProperties: false } as const
const Percent = Type.Number({ minimum: 0, maximum: 100, description: 'At most two decimals.' })
const Result = Type.Object(
  {
    institution: Id,
    index_percent: Percent,
    level: Type.Optional(Type.Enum([...officialLevels])),
    axes_percent: Type.Optional(
      Type.Object(
        Object.fromEntries(axisNames.map((axis) => [axis, Type.Optional(Percent)])),
        closed,
      ),
    ),
    source: displayText(csvLimits.cellCharactersMax),
    date: Type.String(),
  },
  closed,
)
/** The JSON file as it is written. */
const JsonFile = Type.Object(
  {
    format: Type.Literal('istimrar.official/v1'),
    cycle: Type.String(),
    results: Type.Array(Result, { minItems: 1, maxItems: csvLimits.rowsMax }),
  },
  closed,
)

/** One result as read, with how a message names its place. */
type Read = {
  readonly line: number | null
  readonly place: (column: string) => string
  readonly institution: string
  readonly index: number
  readonly level: string | null
  readonly axes: readonly (readonly [AxisName, number])[]
  readonly source: string
  readonly date: string
}

/**
 * The official results of a cycle that a file holds. Throws DocumentError with everything that is
 * wrong in it, each with its row and column: a file is taken whole or not at all.
 */
export function readOfficial(file: OfficialFile, rules: OfficialRules): OfficialRow[] {
  const problems: Problem[] = []
  const report = (line: number | null, path: string, message: string) =>
    problems.push({ file: file.name, line, path, message })
  const read = file.format === 'csv' ? fromCsv(file, report) : fromJson(file, rules, report)
  const first = new Map<string, string>()
  for (const row of read) {
    const { line, place, institution } = row
    const before = first.get(institution)
    if (before !== undefined) {
      report(line, place('institution'), `is the same institution as ${before}`)
    } else if (institution !== 'national' && !rules.institutions.has(institution)) {
      const message = 'must be an institution of the register, or national for the nation'
      report(line, place('institution'), message)
    }
    first.set(institution, line === null ? place('institution') : `line ${line}`)
    const date = dateFault(row.date, rules)
    if (date) report(line, place('date'), date)
    if (row.source.trim().length < 3) {
      report(line, place('source'), 'must say where it was published, in 3 characters or more')
    }
  }
  if (problems.length > 0) throw new DocumentError(problems)
  const fileSha256 = sha256(Buffer.from(file.content))
  return read.map(({ institution, index, level, axes, source, date }) => ({
    ...{ cycle: rules.cycle, institution, indexPercent: index },
    level: officialLevels.find((each) => each === level) ?? null,
    ...{ axesPercent: Object.fromEntries(axes), source, date, fileSha256 },
  }))
}

type Report = (line: number | null, path: string, message: string) => void

function fromCsv({ name, content }: OfficialFile, report: Report): Read[] {
  return readCsv(content, name, officialColumns).map(({ line, cells }) => {
    const share = (column: (typeof axisColumns)[number] | 'index_percent'): number => {
      const text = cells[column]
      if (/^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)$/.test(text)) return Number(text)
      const message = 'must be 0 to 100 with at most two decimals, in digits 0-9 and without a sign'
      report(line, column, message)
      return 0
    }
    const { institution, level, source, date } = cells
    if (level !== '' && !officialLevels.some((each) => each === level)) {
      report(line, 'level', `must be one of ${officialLevels.join(', ')}, or empty`)
    }
    const axes = axisNames
      .filter((axis) => cells[`${axis}_percent`] !== '')
      .map((axis) => [axis, share(`${axis}_percent`)] as const)
    const place = (column: string) => column
    const index = share('index_percent')
    return { line, place, institution, index, level: level || null, axes, source, date }
  })
}

function fromJson({ content }: OfficialFile, rules: OfficialRules, report: Report): Read[] {
  const value = jsonOf(content, report)
  if (value === undefined) return []
  const misfits = [...explain(JsonFile, value).take(csvLimits.problemsMax)]
  for (const { path, message } of misfits) report(null, pathOf(path), message)
  if (misfits.length > 0) return []
  type Row = Record<'institution' | 'source' | 'date', string> & {
    index_percent: number
    level?: string
    axes_percent?: Partial<Record<AxisName, number>>
  }
  const { cycle, results } = value as { cycle: string; results: Row[] } // it fits its schema
  if (cycle !== rules.cycle) report(null, 'cycle', 'must be the cycle that the import is for')
  return results.map(({ institution, index_percent: index, level, axes_percent, ...rest }, i) => {
    const place = (column: string) => `results[${i}].${column}`
    const axes = axisNames.flatMap((axis) => {
      const share = axes_percent?.[axis]
      return share === undefined ? [] : [[axis, share] as const]
    })
    for (const [name, share] of [['index_percent', index] as const, ...axes]) {
      if (Number(share.toFixed(2)) === share) continue
      const column = name === 'index_percent' ? name : `axes_percent.${name}`
      report(null, place(column), 'must have at most two decimals')
    }
    return { line: null, place, institution, index, level: level ?? null, axes, ...rest }
  })
}

function jsonOf(content: string, report: Report): unknown {
  if (content.length > csvLimits.charactersMax) {
    report(null, '', `must be at most ${csvLimits.charactersMax} characters`)
    return undefined
  }
  const text = content.replace(/^\ufeff/, '')
  if (text.includes('\ufffd')) {
    report(text.slice(0, text.indexOf('\ufffd')).split('\n').length, '', 'must be saved as UTF-8')
    return undefined
  }
  try {
    return parseJson(Buffer.from(text))
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    report(null, '', error.message)
    return undefined
  }
}

function pathOf(path: readonly (string | number)[]): string {
  const parts = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
  return parts.join('').replace(/^\./, '')
}

/** Why a text is no day of publication; null where it is one. */
export function dateFault(
  date: string,
  { now, timezone }: Pick<OfficialRules, 'now' | 'timezone'>,
): string | null {
  const [, year, month, day] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(date) ?? []
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(date)
  if (!isDay || date === '') return 'must be a day such as 2027-05-02'
  return at > wallAt(now, timezone) ? 'must not be later than today' : null
}
