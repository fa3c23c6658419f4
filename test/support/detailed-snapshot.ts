import type { InstitutionDetail, Snapshot } from '../../collector/kpi/snapshot.ts'
import type { ChecksOf } from '../../collector/metrics/family.ts'
import { kpiPage } from '../../collector/metrics/kpi-page.ts'

/** A snapshot together with the rows of its checks. */
export type DetailedSnapshot = Omit<Snapshot, 'institutions'> & {
  readonly institutions: readonly InstitutionDetail[]
}

/** Finds the checks of an environment in it. */
export function checksIn({ institutions }: DetailedSnapshot): ChecksOf {
  return ({ institution, environment }) =>
    institutions
      .find(({ id }) => id === institution)
      ?.environments.find(({ id }) => id === environment)?.checks ?? []
}

/** The KPI part of `/metrics` as the evaluating thread renders it. */
export function kpiText(snapshot: DetailedSnapshot): string {
  return [...kpiPage(snapshot, checksIn(snapshot))].join('')
}
