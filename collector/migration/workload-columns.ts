import type { CsvColumns, CsvRow } from '../official/csv.ts'
import type { AskedWorkload } from '../register/workloads.ts'

const required = ['id', 'name_ar', 'name_en', 'criticality', 'state'] as const
const optional = [
  ...['weight', 'data_class', 'strategy', 'wave', 'owner'],
  ...['source_environment', 'source_hosts', 'target_environment', 'target_hosts', 'provider'],
  ...['service_since', 'planned_start', 'planned_finish'],
  ...['started_on', 'cut_over_on', 'retired_on', 'blocked_reason', 'blocked_since'],
] as const

export type WorkloadColumn = (typeof required)[number] | (typeof optional)[number]

/** The columns of a CSV file of workloads. One that is left out is empty in every row. */
export const workloadColumns: CsvColumns<string> = { required, optional }

/** All of them, in the order in which this product writes them. */
export const columnOrder: readonly string[] = [...required, ...optional]

/** Stands between the hosts of one cell. */
const hostSeparator = ';'

/** Fields of one text of their own. */
const plainColumns = {
  dataClass: 'data_class',
  strategy: 'strategy',
  wave: 'wave',
  owner: 'owner',
  provider: 'provider',
  serviceSince: 'service_since',
  plannedStart: 'planned_start',
  plannedFinish: 'planned_finish',
  startedOn: 'started_on',
  cutOverOn: 'cut_over_on',
  retiredOn: 'retired_on',
} as const

/** A row as a workload is asked for, whatever its cells hold: rules say what is wrong with it. */
export function fieldsOfRow({ cells }: CsvRow<string>): Record<string, unknown> {
  const cell = (name: string) => cells[name] ?? ''
  const weight = cell('weight')
  const plain = Object.entries(plainColumns).map(([field, column]) => {
    return [field, cell(column) === '' ? null : cell(column)] as const
  })
  const blocked = { reason: cell('blocked_reason'), since: cell('blocked_since') }
  return {
    id: cell('id'),
    name: { ar: cell('name_ar'), en: cell('name_en') },
    criticality: cell('criticality'),
    state: cell('state'),
    ...(weight === '' ? {} : { weight: /^[0-9]{1,9}$/.test(weight) ? Number(weight) : weight }),
    ...Object.fromEntries(plain),
    source: placeOf(cell, 'source'),
    target: placeOf(cell, 'target'),
    blocked: blocked.reason === '' && blocked.since === '' ? null : blocked,
  }
}

function placeOf(cell: (name: string) => string, side: 'source' | 'target') {
  const [environment, hosts] = [cell(`${side}_environment`), cell(`${side}_hosts`)]
  if (environment === '' && hosts === '') return null
  const names = hosts === '' ? [] : hosts.split(hostSeparator).map((name) => name.trim())
  return { environment, hosts: names }
}

/** Of fields with parts, the column that stands for all of them. */
const firstPart: Readonly<Record<string, readonly string[]>> = {
  source: ['environment'],
  target: ['environment'],
  blocked: ['reason'],
}

/** The column that holds a field, `source.hosts` or `['source', 'hosts', 2]`. */
export function columnOf(path: readonly (string | number)[]): string {
  const words = path.filter((step) => typeof step === 'string')
  const only = words.length === 1 ? words[0]! : ''
  return [...words, ...(firstPart[only] ?? [])]
    .join('_')
    .replaceAll('.', '_')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The cells of one workload, in the order of `columnOrder`. */
export function rowOf(workload: AskedWorkload): string[] {
  const { id, name, criticality, state, weight, source, target, blocked } = workload
  const plain = Object.entries(plainColumns).map(([field, column]) => {
    // Every one of these fields is a text or null.
    return [column, workload[field as keyof typeof plainColumns] ?? ''] as const
  })
  const cells: Readonly<Record<string, string>> = {
    ...{ id, name_ar: name.ar, name_en: name.en, criticality, state },
    weight: weight === undefined ? '' : String(weight),
    ...Object.fromEntries(plain),
    source_environment: source?.environment ?? '',
    source_hosts: source?.hosts.join(hostSeparator) ?? '',
    target_environment: target?.environment ?? '',
    target_hosts: target?.hosts.join(hostSeparator) ?? '',
    blocked_reason: blocked?.reason ?? '',
    blocked_since: blocked?.since ?? '',
  }
  return columnOrder.map((name) => cells[name] ?? '')
}
