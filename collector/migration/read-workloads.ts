import { inspectDocument, type Problem } from '../../protocol/document.ts'
import type { Path } from '../../protocol/explain.ts'
import { readCsv } from '../official/csv.ts'
import { fieldProblems, workloadLimits } from '../register/workload-fields.ts'
import type { AskedWorkload } from '../register/workloads.ts'
import { columnOf, fieldsOfRow, workloadColumns } from './workload-columns.ts'
import { WorkloadsFile } from './workload-schema.ts'

export const workloadFormats = ['csv', 'yaml'] as const
export type WorkloadFormat = (typeof workloadFormats)[number]

/** A file as it was handed in. */
export type WorkloadFile = {
  /** Only named in messages. */
  readonly name: string
  readonly format: WorkloadFormat
  readonly content: string
}

/**
 * What a file asks for, before the rules of the register have judged it. Whoever asks them adds
 * what they refuse to the problems, so that everything is told at once.
 */
export type ReadWorkloads = {
  /** Those whose form is right so far, each id once. CSV cells hold whatever somebody wrote. */
  readonly asked: readonly AskedWorkload[]
  readonly problems: Problem[]
  /** A problem of `asked[index]`; its field as rules name it, such as `source.hosts`. */
  problem(index: number, field: string, message: string): Problem
}

/** What is written in a file, in its order. */
type Written = {
  /** Null where a problem says already that it is not of the right form. */
  readonly fields: readonly (Readonly<Record<string, unknown>> | null)[]
  readonly problem: (index: number, path: Path, message: string) => Problem
  readonly problems: Problem[]
}

/**
 * Reads a file of workloads, CSV or YAML with the same fields. Throws DocumentError where its text
 * cannot be understood at all.
 */
export function readWorkloads(file: WorkloadFile): ReadWorkloads {
  const { fields, problem, problems } = file.format === 'csv' ? fromCsv(file) : fromYaml(file)
  const first = new Map<unknown, number>()
  const places: number[] = []
  const { workloadsMax } = workloadLimits
  if (fields.length > workloadsMax) {
    const message = `must have at most ${workloadsMax} workloads`
    problems.push({ file: file.name, line: null, path: '', message })
  }
  const asked = fields.slice(0, workloadsMax).flatMap((each, index) => {
    if (!each) return []
    const before = first.get(each.id)
    if (before !== undefined) {
      const { line } = problem(before, ['id'], '')
      problems.push(problem(index, ['id'], `is the id of line ${line} already`))
      return []
    }
    first.set(each.id, index)
    places.push(index)
    // The rules look at every field, whatever it holds.
    return [each as AskedWorkload]
  })
  const problemOf: ReadWorkloads['problem'] = (index, field, message) =>
    problem(places[index]!, field.split('.'), message) // every one that is asked for has its place
  return { asked, problems, problem: problemOf }
}

function fromCsv({ name: file, content }: WorkloadFile): Written {
  const rows = readCsv(content, file, workloadColumns)
  return {
    fields: rows.map(fieldsOfRow),
    problem: (index, path, message) => {
      return { file, line: rows[index]?.line ?? null, path: columnOf(path), message }
    },
    problems: [],
  }
}

function fromYaml({ name, content }: WorkloadFile): Written {
  const text = content.replace(/^\ufeff/, '')
  const { value, problem: problemAt, problems } = inspectDocument(text, name, WorkloadsFile)
  const listed = isFields(value) && Array.isArray(value.workloads) ? value.workloads : []
  const problem: Written['problem'] = (index, path, message) =>
    problemAt(['workloads', index, ...path], message)
  const malformed = new Set<number>()
  const told = problems.map((each) => {
    const [, index, path] = /^workloads\[(\d+)\](?:\.(.*))?$/s.exec(each.path) ?? []
    if (index === undefined) return each
    malformed.add(Number(index))
    if (path !== 'state') return each
    // A state that nobody claims has a sentence of its own.
    const own = fieldProblems(listed[Number(index)]).find(({ field }) => field === 'state')
    return { ...each, message: own?.message ?? each.message }
  })
  return {
    fields: listed.map((each, index) => (malformed.has(index) ? null : withNulls(each))),
    ...{ problem, problems: told },
  }
}

const nothing = {
  ...{ dataClass: null, strategy: null, wave: null, owner: null, provider: null },
  ...{ serviceSince: null, plannedStart: null, plannedFinish: null },
  ...{ startedOn: null, cutOverOn: null, retiredOn: null, blocked: null },
}

/** What a file leaves out is null; a place that names no hosts has all of its environment. */
function withNulls(each: unknown): Record<string, unknown> {
  // It fits its schema.
  const written = each as Readonly<Record<string, unknown>>
  const { source, target } = written
  const placeOf = (place: unknown) => (isFields(place) ? { hosts: [], ...place } : null)
  return { ...nothing, ...written, source: placeOf(source), target: placeOf(target) }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
