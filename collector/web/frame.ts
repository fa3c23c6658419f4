import type { EpochMs } from '../../protocol/time.ts'
import type { HostingPolicy } from '../kpi/migration/hosting-policy.ts'
import type { InstitutionRow, Snapshot } from '../kpi/snapshot.ts'
import type { Account } from '../people/accounts.ts'
import { sees } from '../people/permissions.ts'
import type { AssetUrls } from './assets.ts'
import type { Writer } from './format.ts'

/** What surrounds the content of a page: for whom it is made, when, and what it refers to. */
export type Frame = Writer & {
  /** Path of the page behind the language, e.g. `/institutions/a`; the language switch keeps it. */
  readonly path: string
  readonly now: EpochMs
  /** Who is signed in; null on the pages that need nobody. */
  readonly account: Account | null
  /** How much waits for the account. */
  readonly waiting?: number
  /** What the policy in force demands of hosting: the names of providers and of data classes. */
  readonly hosting?: HostingPolicy | null
  readonly assets: AssetUrls
  /** Where the reader finds the board, e.g. `https://istimrar.example.om`. */
  readonly origin?: string
}

/** The institutions whose rows an account may see: its own for the role `institution`. */
export function visibleTo(
  account: Account | null,
  { institutions }: Snapshot,
): readonly InstitutionRow[] {
  return account === null ? institutions : institutions.filter(({ id }) => sees(account, id))
}
