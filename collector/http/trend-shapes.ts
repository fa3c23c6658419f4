import { Type } from 'typebox'
import { axisNames } from '../kpi/readiness/model.ts'
import { officialLevels } from '../official/official-log.ts'
import { InstitutionParams, problems } from './act-shapes.ts'
import { Epoch, nullable, Stage } from './figures.ts'

const Percent = Type.String({ description: 'Percent with two decimals; low: floor, high: ceil.' })
const scoreFields = { low: Percent, observed: nullable(Percent), high: Percent }
const Score = Type.Object(scoreFields)
const Level = nullable(
  Type.Object(
    { low: Type.String(), high: Type.String() },
    { description: 'Automatic measurement, not the official excellence result.' },
  ),
)
const Model = Type.Object({
  ...{ id: Type.String(), version: Type.String(), hash: Type.String() },
  status: Type.Enum(['draft', 'approved']),
})
const Moves = Type.Array(Type.Object({ id: Type.String(), points: Type.Number() }))
const Moved = Type.Object({
  since: Type.String({ description: 'The month of the point before.' }),
  points: Type.Number({ description: 'Percentage points of the proven index.' }),
  dimensions: Moves,
  indicators: nullable(Moves),
  restPoints: Type.Number(),
})
const Point = Type.Object({
  ...{ month: Type.String({ description: 'Such as 2027-01.' }), end: Epoch },
  ...{ model: Model, stage: Stage, index: nullable(Score), level: Level },
  dimensions: Type.Record(Type.String(), Type.Object({ weight: Type.Number(), ...scoreFields })),
  indicators: nullable(
    Type.Record(Type.String(), Type.Number(), {
      description: 'What each adds to the proven index. Percentage points.',
    }),
  ),
  isOpen: Type.Boolean({ description: 'True of the month that is not over: how things are now.' }),
  isComparable: Type.Boolean({ description: 'False: the point before is under another model.' }),
  moved: nullable(Moved),
})
const Official = Type.Object({
  indexPercent: Type.Number(),
  level: nullable(Type.Enum([...officialLevels])),
  axesPercent: Type.Object(
    Object.fromEntries(axisNames.map((axis) => [axis, Type.Optional(Type.Number())])),
  ),
  ...{ source: Type.String(), date: Type.String() },
})
const Measured = Type.Object({
  ...{ stage: Stage, index: nullable(Score), level: Level, model: Model, end: Epoch },
  isFrozen: Type.Boolean({ description: 'Of the frozen cycle; else of the month it ended with.' }),
})
const Trend = Type.Object({
  points: Type.Array(Point, { description: 'By month, oldest first; the last may be of now.' }),
  cycles: Type.Array(
    Type.Object(
      {
        cycle: Type.String(),
        endMonth: nullable(Type.String()),
        official: nullable(Official),
        measured: nullable(Measured),
      },
      { description: 'Both series side by side; neither replaces the other.' },
    ),
  ),
})

const tags = ['readiness']

/** The routes of trends. */
export const trendSchemas = {
  nation: {
    ...{ tags, summary: 'National readiness by month, beside the official results by cycle' },
    response: { 200: Trend, ...problems },
  },
  institution: {
    ...{ tags, summary: 'Readiness of an institution by month, beside its official results' },
    ...{ params: InstitutionParams, response: { 200: Trend, ...problems } },
  },
}
