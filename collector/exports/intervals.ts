import { lengthMs } from '../../protocol/time.ts'
import type { Piece } from '../kpi/environment-day.ts'
import type { EnvironmentKey } from '../store/store.ts'
import { column, instant, placeColumns, type Table } from './table.ts'

export type IntervalRow = EnvironmentKey & { readonly piece: Piece }

/** `intervals.csv`: every stretch of an environment's time that was not simply up. */
export const intervalTable: Table<IntervalRow> = {
  file: 'intervals.csv',
  columns: [
    ...placeColumns,
    column('from', 'instant', ['البداية', 'Start'], ({ piece }) => instant(piece.from)),
    column('to', 'instant', ['النهاية (غير داخلة)', 'End, not included'], ({ piece }) =>
      instant(piece.to),
    ),
    column('length_ms', 'integer', ['المدة', 'Length'], ({ piece }) => lengthMs(piece), {
      unit: 'ms',
      formula: 'to - from',
    }),
    column(
      'state',
      'text',
      [
        'الحالة المرصودة: down متوقف أو unknown غير معلوم أو غيرهما',
        'Observed state: down, unknown or other',
      ],
      ({ piece }) => piece.state,
    ),
    column(
      'excluded',
      'text',
      [
        'سبب الاستبعاد: maintenance صيانة مجدولة أو centre انقطاع المنصة المركزية',
        'Why it is excluded: maintenance, or centre for an outage of the collector',
      ],
      ({ piece }) => piece.excluded ?? null,
    ),
    column('cause', 'text', ['السبب المثبت', 'Proved cause'], ({ piece }) => piece.cause ?? null),
    column(
      'flags',
      'list',
      ['ما تستند إليه الحالة', 'What the state rests on'],
      ({ piece }) => piece.flags?.join(' ') ?? null,
    ),
    column(
      'dispute',
      'text',
      ['رقم الاعتراض الذي غيّر الحالة', 'Dispute that changed the state'],
      ({ piece }) => piece.disputed?.id ?? null,
    ),
    column(
      'state_before_dispute',
      'text',
      ['الحالة قبل الاعتراض', 'State before the dispute'],
      ({ piece }) => piece.disputed?.was ?? null,
    ),
  ],
}

/** The stretches of environments, each as long as all that is told of it stays the same. */
export function* intervalRows(
  environments: Iterable<EnvironmentKey>,
  piecesOf: (key: EnvironmentKey) => readonly Piece[],
): Generator<IntervalRow, void> {
  for (const { institution, environment } of environments) {
    let open = null as Piece | null // assigned in the loop below
    for (const piece of piecesOf({ institution, environment })) {
      if (!isTold(piece)) continue
      if (open && open.to === piece.from && about(open) === about(piece)) {
        open = { ...open, to: piece.to }
        continue
      }
      if (open) yield { institution, environment, piece: open }
      open = piece
    }
    if (open) yield { institution, environment, piece: open }
  }
}

function isTold({ state, excluded, disputed }: Piece): boolean {
  return state === 'down' || state === 'unknown' || Boolean(excluded) || Boolean(disputed)
}

/** Days are cut at midnight; what is the same on both sides is one stretch. */
function about({ from: _from, to: _to, ...rest }: Piece): string {
  return JSON.stringify(Object.entries(rest).sort())
}
