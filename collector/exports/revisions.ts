import type { Entry } from '../register/difference.ts'
import { column, instant, type Table } from './table.ts'

/** One act about a frozen cycle: its freeze, or a revision, proposed or approved. */
export type RevisionRow = {
  readonly cycle: string
  /** 0 is the freeze. */
  readonly revision: number
  readonly at: number
  readonly by: string
  readonly role: string
  readonly why: string
}

/** `revisions.csv`: who froze a cycle and who changed it afterwards. */
export const revisionTable: Table<RevisionRow> = {
  file: 'revisions.csv',
  columns: [
    column('cycle', 'text', ['دورة القياس', 'Cycle'], (row) => row.cycle),
    column(
      'revision',
      'integer',
      ['رقم التعديل؛ 0 هو الإقفال', 'Number of the revision; 0 is the freeze'],
      (row) => row.revision,
    ),
    column('at', 'instant', ['وقت الإجراء', 'When'], (row) => instant(row.at)),
    column('by', 'text', ['صاحب الإجراء', 'Who'], (row) => row.by),
    column('role', 'text', ['دوره', 'In what role'], (row) => row.role),
    column('why', 'text', ['السبب', 'Why'], (row) => row.why),
  ],
}

const subject = /^cycle\/([^/]+)\/(?:freeze|revision\/([1-9]\d*))$/

/** Acts about cycles, in the order of the log. Whoever makes them chooses these subjects. */
export function revisionRows(entries: readonly Entry[]): RevisionRow[] {
  return entries.flatMap(({ what, actor: by, role, why, effectiveFrom: at }) => {
    const found = subject.exec(what)
    if (!found) return []
    const [, cycle = '', revision = '0'] = found
    return [{ cycle, revision: Number(revision), at, by, role, why }]
  })
}
