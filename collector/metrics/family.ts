import type { EpochMs } from '../../protocol/time.ts'
import type { BudgetRow, BudgetWindow } from '../kpi/budget.ts'
import type { FrozenCycle } from '../kpi/cycle-figures.ts'
import type { OutageFigures } from '../kpi/explain.ts'
import type { CurvePoint } from '../kpi/migration/result.ts'
import type { CheckRow, EnvironmentRow, Snapshot } from '../kpi/snapshot.ts'
import type { DatingRow } from '../store/logs.ts'
import type { EnvironmentKey } from '../store/store.ts'

/** One series: the label values in the order of the family's labels, then the value. */
export type Sample = readonly (string | number)[]

/** The checks of an environment by the same evaluation as the snapshot. */
export type ChecksOf = (key: EnvironmentKey) => readonly CheckRow[]

/** What the page shows beside the snapshot, by the same evaluation. */
export type Beside = {
  readonly checksOf: ChecksOf
  /** The S-curve of the nation; empty without one. */
  readonly curve: () => readonly CurvePoint[]
  readonly budgets: readonly BudgetRow[]
  readonly outagesOf: (key: EnvironmentKey, window: BudgetWindow) => OutageFigures
  /** The newest revision of each frozen cycle, oldest cycle first. */
  readonly frozen: readonly FrozenCycle[]
  /** How the newest batch of each agent was dated, by id of the agent. */
  readonly clockClasses: ReadonlyMap<string, DatingRow['timeClass']>
  /** Messages kept aside of agents in quarantine, by id; no row without any. */
  readonly contested: ReadonlyMap<string, number>
}

/** One gauge of `/metrics` and how its series are read off a snapshot. */
export type Family = {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly samples: (snapshot: Snapshot, beside: Beside) => Iterable<Sample>
}

/** A family whose samples are checked by the compiler to carry exactly its labels. */
export function family<const Labels extends readonly string[]>(
  name: string,
  labels: Labels,
  help: string,
  samples: (
    snapshot: Snapshot,
    beside: Beside,
  ) => Iterable<readonly [...{ readonly [Index in keyof Labels]: string }, number]>,
): Family {
  return { name: `istimrar_${name}`, labels, help, samples }
}

/** Labels that name an environment. */
export const place = ['institution', 'environment'] as const

/** An instant as Prometheus writes it. Unit: seconds since 1970; NaN when it never was. */
export function seconds(at: EpochMs | null): number {
  return at === null ? Number.NaN : at / 1000
}

/** A fact that holds or does not, as Prometheus writes it. */
export function flag(holds: boolean): 0 | 1 {
  return holds ? 1 : 0
}

/** Every environment with the id of its institution. */
export function* environmentsOf({
  institutions,
}: Snapshot): Iterable<readonly [institution: string, environment: EnvironmentRow]> {
  for (const { id, environments } of institutions) {
    for (const environment of environments) yield [id, environment]
  }
}
