import type { EpochMs, Span } from '../../../protocol/time.ts'
import { asDown, continuity } from '../../kpi/continuity.ts'
import { cycleAt, windowsAt } from '../../kpi/cycle.ts'
import { noTime } from '../../kpi/environment-day.ts'
import {
  environmentFigure,
  type InstitutionParts,
  institutionSums,
  type Part,
  populationFigures,
} from '../../kpi/population.ts'
import { type Figure, type WindowName, windowNames } from '../../kpi/snapshot.ts'
import type { Basis } from '../basis.ts'
import type { EnvironmentSource } from '../ledgers.ts'
import type { HistoryBasis } from './basis.ts'
import type { Place, Selector } from './selector.ts'

/** A figure, and what it is of. */
export type PlacedFigure = {
  readonly place: Place
  readonly window: WindowName
  readonly figure: Figure
}

/** The environments of an institution that a figure needs. */
type Members = { readonly sources: readonly EnvironmentSource[]; readonly isShown: boolean }

/** Windows that a query asks for. */
export function windowsOf(selector: Selector): WindowName[] {
  return windowNames.filter((name) => selector.allows('window', name))
}

/**
 * Every figure that a query asks for, of windows that end at an instant: put together by the same
 * functions as a snapshot, from the same sums, by the register and the policy of that instant.
 */
export function figuresAt(from: HistoryBasis, selector: Selector, at: EpochMs): PlacedFigure[] {
  const basis = from.basisAt(at)
  const { timezone, cycleMonths, nationalAggregation } = basis.policy
  const windows = windowsAt(at, cycleAt(at, timezone, cycleMonths))
  const found: PlacedFigure[] = []
  const isNational = isNationAsked(selector)
  const members = membersOf(basis, selector, isNational)
  for (const window of windowsOf(selector)) {
    const pools: InstitutionParts[] = []
    const targets = new Set(basis.register.populations.continuity)
    for (const { id, kind } of basis.register.institutions) {
      const { sources, isShown } = members.get(id) ?? none
      const parts = sources.flatMap((source) => partOf(from, basis, source, windows[window]))
      if (isShown) found.push(...ofInstitution(basis, selector, { id, window, parts }))
      if (!isNational || !targets.has(id)) continue
      pools.push({ id, kind, stage: 'measured', parts: [pooled(id, parts)] })
    }
    if (!isNational) continue
    const place = { scope: 'nation', institution: '', environment: '' } as const
    const figure = populationFigures(pools, basis.standard)[nationalAggregation]
    found.push({ place, window, figure })
  }
  return found
}

const none: Members = { sources: [], isShown: false }

/** Whether the figure of the nation is asked for. */
export function isNationAsked(selector: Selector): boolean {
  return (
    selector.allows('scope', 'nation') &&
    selector.allows('institution', '') &&
    selector.allows('environment', '')
  )
}

/** The environments that have to be looked up, by institution. */
export function membersOf(
  { register, sources }: Pick<Basis, 'register' | 'sources'>,
  selector: Selector,
  isNational: boolean,
): Map<string, Members> {
  const isWhole = selector.allows('scope', 'institution') && selector.allows('environment', '')
  const isPart = selector.allows('scope', 'environment')
  const targets = new Set(isNational ? register.populations.continuity : [])
  const own = Map.groupBy(sources, ({ institution }) => institution)
  const members = new Map<string, Members>()
  for (const { id } of register.institutions) {
    const isShown = (isWhole || isPart) && selector.allows('institution', id)
    const all = own.get(id) ?? []
    if (targets.has(id) || (isShown && isWhole)) members.set(id, { sources: all, isShown })
    else if (isShown) {
      const some = all.filter(({ environment }) => selector.allows('environment', environment))
      members.set(id, { sources: some, isShown })
    }
  }
  return members
}

/** An environment that was in scope by an instant, with its time in a window. */
function partOf(
  { ledgerOf, isAssessed }: HistoryBasis,
  { at, policy }: Basis,
  source: EnvironmentSource,
  window: Span,
): Part[] {
  const { versions } = source
  if (!versions.some(({ from, to }) => to > window.from && from <= at)) return []
  const { id, criticality } = versions.findLast((each) => each.from <= at)!.value
  const counted = ledgerOf(source)?.sums(window) ?? noTime
  return [
    {
      id,
      critical: criticality === 'critical',
      weight: policy.criticalityWeights[criticality],
      assessed: isAssessed(source, policy),
      sums: policy.degradedCountsAsUp ? counted : asDown(counted),
    },
  ]
}

function ofInstitution(
  { standard }: Basis,
  selector: Selector,
  { id, window, parts }: { id: string; window: WindowName; parts: readonly Part[] },
): PlacedFigure[] {
  const found: PlacedFigure[] = []
  if (selector.allows('scope', 'institution') && selector.allows('environment', '')) {
    const place = { scope: 'institution', institution: id, environment: '' } as const
    found.push({ place, window, figure: continuity(institutionSums(parts), standard) })
  }
  if (!selector.allows('scope', 'environment')) return found
  for (const part of parts) {
    if (!selector.allows('environment', part.id)) continue
    const place = { scope: 'environment', institution: id, environment: part.id } as const
    found.push({ place, window, figure: environmentFigure(part, standard) })
  }
  return found
}

/** What was weighted before stands for all that it was made of. */
function pooled(id: string, parts: readonly Part[]): Part {
  return { id, critical: false, weight: 1, assessed: true, sums: institutionSums(parts) }
}
