import type { Projection } from '../../collector/ingest/project.ts'
import type { SpanRow } from '../../collector/store/store.ts'

/** Writes what a batch adds to one check's table of spans, as a store shows it then. */
export function writeSpans(rows: Map<number, SpanRow>, { spans, grown }: Projection): void {
  for (const row of spans) rows.set(row.from, row)
  for (const { spanFrom, through } of grown) {
    const row = rows.get(spanFrom)
    if (row) rows.set(spanFrom, { ...row, to: through })
  }
}
