import { outcomeOf, type Row, type RowResult } from './row.ts'
import { percentile } from './tools.ts'

/** A row with what came of it. */
export type Ran = { readonly row: Row; readonly result: RowResult; readonly seconds: number }

const headings = [
  ...['row', 'what', 'kills', 'acked', 'lost', 'undeclared', 'duplicates'],
  ...['recover ms p50', 'p99', 'seconds', 'outcome'],
]

/** The fault table as text, with everything that does not fit a cell below it. */
export function faultTable(all: readonly Ran[]): string {
  const lines = all.map(({ row, result, seconds }) => {
    const { kills, acked, lost, undeclared, duplicates, recoverMs } = result
    const recover = [0.5, 0.99].map((share) => whole(percentile(recoverMs, share)))
    const counts = [kills, acked, lost, undeclared, duplicates].map(String)
    return [row.id, row.what, ...counts, ...recover, seconds.toFixed(0), outcomeOf(result)]
  })
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...lines.map((line) => line[i]!.length)),
  )
  const text = [headings, widths.map((width) => '-'.repeat(width)), ...lines].map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  )
  return [...text, '', ...all.flatMap(remarks)].join('\n')
}

function remarks({ row, result }: Ran): string[] {
  const { figures, failures, notRun } = result
  const measured = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  return [
    `${row.id}: ${row.injected}`,
    ...(measured.length > 0 ? [`  measured: ${measured.join('; ')}`] : []),
    ...notRun.map((line) => `  NOT RUN: ${line}`),
    ...failures.map((line) => `  FAILED: ${line}`),
  ]
}

/** The same as one JSON line, for programs. */
export function faultJson(all: readonly Ran[], seed: string): string {
  return JSON.stringify({
    seed,
    rows: all.map(({ row, result, seconds }) => {
      const { recoverMs, ...rest } = result
      const recover = { p50: percentile(recoverMs, 0.5), p99: percentile(recoverMs, 0.99) }
      const outcome = outcomeOf(result)
      return { row: row.id, outcome, ...rest, recoverMs: recover, seconds: Math.round(seconds) }
    }),
  })
}

function whole(value: number | null): string {
  return value === null ? '-' : String(Math.round(value))
}
