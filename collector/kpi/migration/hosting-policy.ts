import type { Bilingual } from '../snapshot.ts'
import type { Day } from './workload.ts'

/** What the circular on cloud hosting demands: the setting `hosting` of the policy. */
export type HostingPolicy = {
  /** A workload in service only since a later day, and on own premises, is a breach. */
  readonly circularDate: Day
  readonly dataClasses: readonly DataClass[]
  readonly providers: readonly ApprovedProvider[]
}

export type DataClass = {
  readonly id: string
  readonly label: Bilingual
  /** ISO 3166-1 alpha-2 codes of the countries it may be hosted in; `any` for no rule. */
  readonly countries: readonly string[] | 'any'
}

export type ApprovedProvider = {
  /** As `hosting.provider` of the register and `provider` of a workload name it. */
  readonly id: string
  readonly name: Bilingual
  /** `platform.cloud` of agents on its hosts. */
  readonly clouds: readonly string[]
  /**
   * `platform.virtualisation` of agents on its hosts where it has no cloud metadata of its own;
   * weaker, because own premises may have the same.
   */
  readonly virtualisations: readonly string[]
  /** Country of each `platform.cloud_region`; one named `*` holds for all others and for none. */
  readonly regions: readonly { readonly id: string; readonly country: string }[]
}
