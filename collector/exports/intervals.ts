import { lengthMs, type Span } from '../../protocol/time.ts'
import type { Piece } from '../kpi/environment-day.ts'
import type { EnvironmentKey } from '../store/store.ts'
import { column, instant, type Table } from './table.ts'

/** What more may be known of a stretch: why it was lost, what it rests on, what was disputed. */
type Told = Piece & {
  readonly cause?: string
  readonly flags?: readonly string[]
  readonly disputed?: { readonly id: string; readonly was: string }
}

export type IntervalRow = EnvironmentKey & { readonly piece: Told }

/** `intervals.csv`: every stretch of an environment's time that was not simply up. */
export const intervalTable: Table<IntervalRow> = {
  file: 'intervals.csv',
  columns: [
    column(
      'institution',
      'text',
      ['رمز المؤسسة', 'Id of the institution'],
      (row) => row.institution,
    ),
    column(
      'environment',
      'text',
      ['رمز بيئة الاستضافة', 'Id of the hosting environment'],
      (row) => row.environment,
    ),
    column('from', 'instant', ['البداية', 'Start'], ({ piece }) => instant(piece.from)),
    column('to', 'instant', ['النهاية (غير داخلة)', 'End, not included'], ({ piece }) =>
      instant(piece.to),
    ),
    column('length', 'integer', ['المدة', 'Length'], ({ piece }) => lengthMs(piece), {
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
    let open = null as Told | null // assigned in the loop below
    for (const piece of piecesOf({ institution, environment }) as readonly Told[]) {
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

function isTold({ state, excluded, disputed }: Told): boolean {
  return state === 'down' || state === 'unknown' || Boolean(excluded) || Boolean(disputed)
}

/** Days are cut at midnight; what is the same on both sides is one stretch. */
function about({ from: _from, to: _to, ...rest }: Told & Span): string {
  return JSON.stringify(Object.entries(rest).sort())
}
