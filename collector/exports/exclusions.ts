import { intersect, type Span } from '../../protocol/time.ts'
import type { Entry } from '../register/difference.ts'
import { registerHistory } from '../register/history.ts'
import {
  type MaintenanceState,
  type MaintenanceWindow,
  maintenanceState,
} from '../register/maintenance.ts'
import { foldMaintenance } from '../register/maintenance-log.ts'
import { column, instant, placeColumns, type Table } from './table.ts'

export type ExclusionRow = MaintenanceWindow & {
  readonly institution: string
  readonly environment: string
  readonly state: MaintenanceState
}

/** `exclusions.csv`: all maintenance that was asked for, whatever became of it. */
export const exclusionTable: Table<ExclusionRow> = {
  file: 'exclusions.csv',
  columns: [
    ...placeColumns,
    column('id', 'text', ['رقم الصيانة المجدولة', 'Id of the maintenance'], (row) => row.id),
    column('from', 'instant', ['البداية', 'Start'], (row) => instant(row.from)),
    column('to', 'instant', ['النهاية (غير داخلة)', 'End, not included'], (row) => instant(row.to)),
    column(
      'state',
      'text',
      ['ما آلت إليه عند التصدير', 'What became of it by the time of the export'],
      (row) => row.state,
    ),
    column('why', 'text', ['سبب الطلب', 'Why it was asked for'], (row) => row.why),
    column('requested_by', 'text', ['مقدم الطلب', 'Who asked'], (row) => row.requestedBy),
    column('requested_at', 'instant', ['وقت الطلب', 'When it was asked for'], (row) =>
      instant(row.requestedAt),
    ),
    column(
      'decision',
      'text',
      ['القرار: approved أو refused', 'Decision: approved or refused'],
      ({ decision }) => decision?.is ?? null,
    ),
    column('decided_by', 'text', ['صاحب القرار', 'Who decided'], (row) => row.decision?.by ?? null),
    column(
      'decided_as',
      'text',
      ['دور صاحب القرار', 'In what role'],
      (row) => row.decision?.role ?? null,
    ),
    column('decided_at', 'instant', ['وقت القرار', 'When it was decided'], (row) =>
      instant(row.decision?.at),
    ),
    column('decided_why', 'text', ['سبب القرار', 'Why'], (row) => row.decision?.why ?? null),
    column('withdrawn_at', 'instant', ['وقت سحب الطلب', 'When it was withdrawn'], (row) =>
      instant(row.withdrawnAt),
    ),
  ],
}

/** Maintenance that touches the window, by environment and start. */
export function exclusionRows(
  entries: readonly Entry[],
  window: Span,
  exportedAt: number,
): ExclusionRow[] {
  const book = foldMaintenance(new Map(), entries, registerHistory(entries))
  return [...book.keys()].sort().flatMap((place) => {
    const [institution = '', environment = ''] = place.split('/')
    return book
      .get(place)!
      .filter((each) => intersect(each, window))
      .sort((a, b) => a.from - b.from || a.requestedAt - b.requestedAt)
      .map((each) => ({
        ...each,
        institution,
        environment,
        state: maintenanceState(each, exportedAt),
      }))
  })
}
