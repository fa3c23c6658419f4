import { csvLines } from '../exports/csv.ts'
import { instant, type Table } from '../exports/table.ts'
import { actKindOf } from '../people/act-kinds.ts'
import type { ActRow } from '../store/acts.ts'

/** A form in which acts leave as a file. */
export type ActFormat = {
  readonly name: string
  readonly type: string
  readonly lines: (acts: AsyncIterable<ActRow>) => AsyncGenerator<string>
}

const text = (name: string, en: string, ar: string, of: (row: ActRow) => string) => {
  return { name, type: 'text', unit: null, means: { ar, en }, formula: null, of } as const
}

const table: Table<ActRow> = {
  file: 'acts',
  columns: [
    {
      ...text('at', 'when', 'الوقت', () => ''),
      ...{ type: 'instant', of: ({ at }) => instant(at) },
    },
    text('log', 'log', 'السجل', ({ log }) => log),
    {
      ...text('leaf', 'number in the log', 'الرقم في السجل', () => ''),
      ...{ type: 'integer', of: ({ index }) => index },
    },
    text('hash', 'hash of the leaf', 'بصمة القيد', ({ hash }) => hash.toString('hex')),
    text('actor', 'account', 'الحساب', ({ entry }) => entry.actor),
    text('role', 'role', 'الدور', ({ entry }) => entry.role),
    text('kind', 'kind of subject', 'نوع الموضوع', ({ entry }) => actKindOf(entry.what)),
    text('what', 'subject', 'الموضوع', ({ entry }) => entry.what),
    text('why', 'reason', 'السبب', ({ entry }) => entry.why),
    text('before', 'before, as JSON', 'قبل', ({ entry }) => JSON.stringify(entry.before ?? null)),
    text('after', 'after, as JSON', 'بعد', ({ entry }) => JSON.stringify(entry.after ?? null)),
  ],
}

/** CSV for people, and JSON lines that hold the bytes of the log. */
export const actFormats: readonly ActFormat[] = [
  {
    ...{ name: 'csv', type: 'text/csv; charset=utf-8; header=present' },
    async *lines(acts) {
      yield* csvLines(table, [])
      for await (const act of acts) yield [...csvLines(table, [act])][1]!
    },
  },
  {
    ...{ name: 'jsonl', type: 'application/x-ndjson' },
    async *lines(acts) {
      // The entry as its bytes stand in the log, of which the hash is made.
      for await (const { log, index, hash, text } of acts) {
        const head = JSON.stringify({ log, leaf: index, hash: hash.toString('hex') })
        yield `${head.slice(0, -1)},"entry":${text}}\n`
      }
    },
  },
]
