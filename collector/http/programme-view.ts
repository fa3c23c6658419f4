import { type ProgrammeCheck, programmeChecks } from '../kpi/programme.ts'
import type { ProgrammeFigure, ProgrammeValue } from '../official/programme-schema.ts'

/** A published figure, and beside each of its values what follows from it by arithmetic. */
export type CheckedFigure = Omit<ProgrammeFigure, 'values'> & {
  readonly values: CheckedValue[]
}
export type CheckedValue = ProgrammeValue & { readonly checks: ProgrammeCheck[] }

/** Figures as page and API show them: as they were published, corrected by nothing. */
export function checkedFigures(figures: readonly ProgrammeFigure[]): CheckedFigure[] {
  return figures.map(({ values, ...figure }) => ({
    ...figure,
    values: values.map((value) => ({ ...value, checks: programmeChecks(value) })),
  }))
}
