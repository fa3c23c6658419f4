import { isDeepStrictEqual } from 'node:util'
import { type ProgrammeCheck, programmeChecks } from '../kpi/programme.ts'
import type { ProgrammeFigure, ProgrammeValue } from '../official/programme-schema.ts'
import type { ProgrammeChange } from '../people/official.ts'

/** A published figure, and beside each of its values what follows from it by arithmetic. */
export type CheckedFigure<Value = CheckedValue> = Omit<ProgrammeFigure, 'values'> & {
  readonly values: Value[]
}
export type CheckedValue = ProgrammeValue & { readonly checks: ProgrammeCheck[] }

/** A value of a figure that a file changes: is there one like it before and after? */
export type ChangedValue = CheckedValue & { readonly is: 'same' | 'new' | 'gone' }

/** A figure that a file changes. */
export type ChangedFigure = {
  readonly is: 'new' | 'changed' | 'gone'
  /** As it would be, then the values that would be gone; as it was where it goes itself. */
  readonly figure: CheckedFigure<ChangedValue>
  /** Null where there was none. */
  readonly before: ProgrammeFigure | null
}

/** Figures as page and API show them: as they were published, corrected by nothing. */
export function checkedFigures(figures: readonly ProgrammeFigure[]): CheckedFigure[] {
  return figures.map(({ values, ...figure }) => ({ ...figure, values: values.map(checked) }))
}

/** What a file changes, figure by figure, in their order. */
export function changedFigures(changes: readonly ProgrammeChange[]): ChangedFigure[] {
  const shown = changes.flatMap(({ before, after }): ChangedFigure[] => {
    const figure = after ?? before
    if (!figure) return []
    const values = changedValues(before?.values ?? [], after?.values ?? [])
    const is = after === null ? 'gone' : before === null ? 'new' : 'changed'
    return [{ is, figure: { ...figure, values }, before }]
  })
  return shown.sort((a, b) => numberOf(a.figure.id) - numberOf(b.figure.id))
}

/** Values as they would be, then those that would be gone; each is like one other at most. */
function changedValues(
  before: readonly ProgrammeValue[],
  after: readonly ProgrammeValue[],
): ChangedValue[] {
  const left = [...before]
  const values = after.map((value): ChangedValue => {
    const at = left.findIndex((each) => isDeepStrictEqual(each, value))
    if (at !== -1) left.splice(at, 1)
    return { ...checked(value), is: at === -1 ? 'new' : 'same' }
  })
  return [...values, ...left.map((value): ChangedValue => ({ ...checked(value), is: 'gone' }))]
}

function checked(value: ProgrammeValue): CheckedValue {
  return { ...value, checks: programmeChecks(value) }
}

function numberOf(id: string): number {
  return Number(id.slice(1))
}
