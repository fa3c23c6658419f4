import { continuity, type Standard } from './continuity.ts'
import { institutionSums, type Part } from './population.ts'
import { type ByWindow, type Figure, type ProviderRow, windowNames } from './snapshot.ts'

/** Environments of one institution with who hosts them, in one pool or one by one. */
export type HostedPart = {
  readonly institution: string
  /** Null where the register names nobody: such an environment is in no row. */
  readonly provider: string | null
  /** How many they are. */
  readonly environments: number
  readonly part: ByWindow<Part>
}

/**
 * Continuity by hosting provider: the minutes of all environments given that it hosts, weighted by
 * criticality, ratio last; one that is not assessed is low 0 and high 1. By id of the provider.
 * Source: docs/methodology.md §4. Exported as `istimrar_provider_continuity_ratio`.
 */
export function providerRows(members: readonly HostedPart[], standard: Standard): ProviderRow[] {
  const hosted = Map.groupBy(members, ({ provider }) => provider)
  hosted.delete(null)
  const rows = [...hosted].map(([provider, own]): ProviderRow => {
    const figureOf = (window: (typeof windowNames)[number]): Figure =>
      continuity(institutionSums(own.map(({ part }) => part[window])), standard)
    const figures = windowNames.map((window) => [window, figureOf(window)])
    return {
      provider: provider!,
      environments: own.reduce((sum, { environments }) => sum + environments, 0),
      institutions: new Set(own.map(({ institution }) => institution)).size,
      // The keys are exactly the names of the windows.
      continuity: Object.fromEntries(figures) as ByWindow<Figure>,
    }
  })
  return rows.sort((a, b) => (a.provider < b.provider ? -1 : 1))
}
