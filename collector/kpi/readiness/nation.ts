import { type Fraction, fraction } from '../fraction.ts'
import type { Bound } from '../snapshot.ts'
import { enabledShare } from './enabled.ts'
import { type Exact, withObserved } from './exact.ts'
import type { Model } from './model.ts'
import { fullPoints } from './points.ts'
import { pointsIn, published } from './published.ts'
import type { IndexFigure, InstitutionReadiness, NationReadiness, Score } from './result.ts'
import { indexFigure } from './score.ts'

/** One institution, as far as the nation's figures need it. */
export type NationMember = {
  readonly kind: 'institution' | 'governorate'
  readonly readiness: InstitutionReadiness
}

/**
 * The readiness of the nation: the equal mean over members of the published figures of each, so
 * that anyone can compute it from those. One of which nothing is known is 0 low and 100 high.
 * Institutions and governorates also apart. Source: METHODOLOGY 2.4, 2.5.
 */
export function nationReadiness(rows: readonly NationMember[], model: Model): NationReadiness {
  const members = rows.filter(({ readiness }) => readiness.isMember)
  const ofKind = (kind: NationMember['kind']) =>
    indexMean(
      members.filter((row) => row.kind === kind),
      model,
    )
  const enabled = rows.flatMap(({ readiness }) =>
    readiness.isEnabledMember ? [readiness.enabled] : [],
  )
  return {
    members: members.length,
    index: indexMean(members, model),
    levels: [...model.levels.map(({ id }) => id), null].map((level) => ({
      level,
      members: members.filter(({ readiness }) => (readiness.level?.low ?? null) === level).length,
    })),
    byKind: { institution: ofKind('institution'), governorate: ofKind('governorate') },
    dimensions: dimensionMeans(members, model),
    enabled: enabledShare(
      enabled.map(({ status, criteria }) => ({
        status,
        isWaived: criteria.some((criterion) => criterion.status === 'waived'),
      })),
    ),
    enabledEnvironments: enabledShare(
      enabled.flatMap(({ environments }) =>
        environments.map(({ status }) => ({ status, isWaived: false })),
      ),
    ),
  }
}

function indexMean(members: readonly NationMember[], model: Model): IndexFigure | null {
  const exact = equalMean(
    members.map(({ readiness }) => readiness.index),
    model,
  )
  return exact && indexFigure(exact, model)
}

function dimensionMeans(
  members: readonly NationMember[],
  model: Model,
): NationReadiness['dimensions'] {
  return model.dimensions.flatMap(({ id }) => {
    const scores = members.map(
      ({ readiness }) => readiness.dimensions.find((each) => each.id === id) ?? nothingKnown,
    )
    const exact = equalMean(scores, model)
    return exact ? [{ id, ...published(exact, [model.targetRatio]) }] : []
  })
}

/** Null without members. Sums of whole millionths of a point, so that their order is irrelevant. */
function equalMean(scores: readonly Score[], { missing }: Model): Exact | null {
  if (scores.length === 0) return null
  const seen = scores.flatMap(({ observed }) => observed ?? [])
  return withObserved(
    { low: meanOf(scores.map(({ low }) => low)), high: meanOf(scores.map(({ high }) => high)) },
    seen.length === 0 ? null : meanOf(seen),
    fraction(seen.length, scores.length),
    missing,
  )
}

function meanOf(bounds: readonly Bound[]): Fraction {
  const sum = bounds.reduce((points, bound) => points + pointsIn(bound), 0)
  return fraction(sum, bounds.length * fullPoints)
}

const nothingKnown: Score = published(
  { low: fraction(0, 1), observed: null, high: fraction(1, 1) },
  [],
)
