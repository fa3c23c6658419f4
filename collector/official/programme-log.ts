import { isDeepStrictEqual } from 'node:util'
import { roleMay } from '../people/permissions.ts'
import { isRecord } from '../register/act-log.ts'
import type { Entry } from '../register/difference.ts'
import type { ProgrammeFigure } from './programme-schema.ts'

/** Figures of the programme by the `what` of their entries. */
export type ProgrammeBook = Map<string, ProgrammeFigure>

const pattern = /^programme\/(P[1-9][0-9]?)$/

/** The `what` of an entry about a figure of the programme. */
export function programmeSubject(id: string): string {
  return `programme/${id}`
}

/**
 * Folds entries, oldest first, into what stands. An entry that nobody may have written, or that
 * does not follow from what stood before it, counts for nothing.
 */
export function foldProgramme(book: ProgrammeBook, entries: readonly Entry[]): ProgrammeBook {
  for (const { what, role, before, after } of entries) {
    const id = pattern.exec(what)?.[1]
    if (!id || !roleMay(role, 'official.import')) continue
    if (!isDeepStrictEqual(before, book.get(what) ?? null)) continue
    if (after === null) book.delete(what)
    // Figures are validated before an entry is made of them.
    else if (isRecord(after) && after.id === id && Array.isArray(after.values)) {
      book.set(what, after as unknown as ProgrammeFigure)
    }
  }
  return book
}

/** What making the programme these figures would do: one change for each that differs. */
export function programmeDifference(book: ProgrammeBook, figures: readonly ProgrammeFigure[]) {
  // As a log would read it back.
  const wanted = new Map(
    figures.map((figure) => [
      programmeSubject(figure.id),
      JSON.parse(JSON.stringify(figure)) as ProgrammeFigure,
    ]),
  )
  const subjects = [...new Set([...book.keys(), ...wanted.keys()])].sort()
  const changes = subjects.flatMap((what) => {
    const before = book.get(what) ?? null
    const after = wanted.get(what) ?? null
    return isDeepStrictEqual(before, after) ? [] : [{ what, before, after }]
  })
  const kept = changes.filter(({ after }) => after !== null)
  return { changes, same: wanted.size - kept.length }
}
