import { DocumentError, type Problem, readDocument } from '../../protocol/document.ts'
import type { Path } from '../../protocol/explain.ts'
import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { csvLimits } from './csv.ts'
import { type ProgrammeFigure, ProgrammeFile, type ProgrammeValue } from './programme-schema.ts'

/**
 * Reads programme.yaml. `file` is only named in messages. Throws DocumentError with all problems.
 */
export function readProgramme(text: string, file: string, now: EpochMs): ProgrammeFigure[] {
  const { charactersMax } = csvLimits
  if (text.length > charactersMax) {
    const message = `must be at most ${charactersMax} characters`
    throw new DocumentError([{ file, line: null, path: '', message }])
  }
  const { value, problem } = readDocument(text, file, ProgrammeFile)
  const problems: Problem[] = []
  const report = (path: Path, message: string) => problems.push(problem(path, message))
  const { figures } = value
  for (const [i, { id, label, values }] of figures.entries()) {
    const at = ['figures', i]
    if (figures.findIndex((each) => each.id === id) < i) {
      report([...at, 'id'], 'is the id of an earlier figure')
    }
    checkNames([...at, 'label'], label, report)
    for (const [k, each] of values.entries()) checkValue([...at, 'values', k], each, now, report)
  }
  if (problems.length > 0) throw new DocumentError(problems)
  return figures
}

type Report = (path: Path, message: string) => void

/** What a schema cannot say. */
function checkValue(at: Path, value: ProgrammeValue, now: EpochMs, report: Report): void {
  const { count, percent, parts, denominator, relation, otherBases = [] } = value
  if (count === undefined && percent === undefined && parts === undefined) {
    report(at, 'must have a count, a percent or parts')
  }
  if (parts && (count !== undefined || percent !== undefined)) {
    report([...at, 'parts'], 'must stand without count and percent')
  }
  if (parts && parts.reduce((sum, each) => sum + each, 0) > 100 + parts.length) {
    report([...at, 'parts'], 'must be parts of one whole: together 100 at most')
  }
  if (parts && relation) report([...at, 'relation'], 'must not stand beside parts')
  const bases = [denominator, ...otherBases].filter((each) => each !== null)
  if (count !== undefined && bases.some((each) => each < count)) {
    report([...at, 'count'], 'must not be above its denominator')
  }
  if (otherBases.some((each) => each === denominator)) {
    report([...at, 'otherBases'], 'must not repeat the denominator')
  }
  for (const [name, share] of [
    ['percent', [percent ?? 0]] as const,
    ['parts', parts ?? []] as const,
  ])
    if (share.some((each) => Number(each.toFixed(2)) !== each)) {
      report([...at, name], 'must have at most two decimals')
    }
  const day = firstDay(value.date)
  if (day === null) report([...at, 'date'], 'there is no such day')
  else if (day > now + dayMs && value.kind !== 'target') {
    report([...at, 'date'], 'must not be later than today, except of a target')
  }
  for (const name of ['of', 'note'] as const) {
    if (value[name]) checkNames([...at, name], value[name], report)
  }
}

/** The first instant of a day, month or year, in UTC; null where there is none of it. */
function firstDay(date: string): EpochMs | null {
  const at = Date.parse(date.padEnd(10, '-01').slice(0, 10))
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(date) ? null : at
}

function checkNames(at: Path, { ar, en }: { ar: string; en: string }, report: Report): void {
  if (!/\p{Script=Arabic}/u.test(ar)) report([...at, 'ar'], 'must be in Arabic')
  if (/\p{Script=Arabic}/u.test(en)) report([...at, 'en'], 'must be in English')
}
