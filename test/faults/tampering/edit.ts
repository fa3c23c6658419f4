import { type Line, places, setEntry } from './file.ts'
import type { World } from './world.ts'

/** A change of an export's lines, made by hand: nothing is made to fit again. */
export type Edit = {
  readonly name: string
  readonly of: 'health' | 'roads' | 'ports'
  readonly change: (lines: Line[], world: World) => void
}

/** Where the batches are. */
export function batches(lines: readonly Line[]): number[] {
  return places(lines, ({ kind }) => kind === 'batch')
}

/** Where the leaves of a kind are. */
export function kinds(lines: readonly Line[], wanted: string): number[] {
  return places(lines, ({ kind }) => kind === wanted)
}

/** Where the acts about something are. */
export function acts(lines: readonly Line[], about: string): number[] {
  return places(lines, ({ what }) => String(what).startsWith(about))
}

/** Where the checkpoints of a log are. */
export function notes(lines: readonly Line[], log: string): number[] {
  return lines.flatMap((line, i) =>
    String(line.checkpoint ?? '').startsWith(`istimrar/${log}\n`) ? [i] : [],
  )
}

/** Gives the entry in a place other fields. */
export function change(
  lines: Line[],
  place: number | undefined,
  fields: (entry: Line) => Line,
): void {
  setEntry(lines[place!]!, (entry) => ({ ...entry, ...fields(entry) }))
}

/** Cuts lines out. */
export function take(lines: Line[], place: number | undefined, count = 1): Line[] {
  return lines.splice(place!, count)
}

/** Lets two lines change places. */
export function swap(lines: Line[], a: number | undefined, b: number | undefined): void {
  ;[lines[a!], lines[b!]] = [lines[b!]!, lines[a!]!]
}
