import { type Static, Type } from 'typebox'
import { metricNames, metricOf, metricSources } from '../kpi/readiness/metrics.ts'
import { axisNames } from '../kpi/readiness/model.ts'
import {
  always,
  bilingual,
  closed,
  condition,
  day,
  modelLimits,
  number,
  pattern,
  scope,
  share,
  whole,
} from './schema-parts.ts'

/** Units of metrics. */
export const metricUnits = [...new Set(metricNames.map((name) => metricOf(name).unit))]

function metric(description: string) {
  return Type.Enum([...metricNames], { description })
}

const NotApplicable = Type.Object(
  { allowed: Type.Boolean({ description: 'Whether it may leave the denominator.' }) },
  { ...closed, description: 'What becomes of a unit that it does not apply to.' },
)

const fn = 'How a value becomes points.'
const Score = Type.Union(
  [
    Type.Object(
      {
        fn: always('lin', fn),
        zero_at: number('Value of 0 points, in the unit of the metric.'),
        full_at: number('Value of 100 points; in between in proportion.'),
      },
      { ...closed, title: '{ fn: lin, zero_at, full_at }' },
    ),
    Type.Object(
      {
        fn: always('step', fn),
        steps: Type.Array(
          Type.Object(
            {
              below: number('The step is for values below this.'),
              points: whole(0, 100, 'Points of the step.'),
            },
            { ...closed, title: 'a step ({ below, points })' },
          ),
          { minItems: 1, maxItems: modelLimits.stepsMax, description: 'Lowest `below` first.' },
        ),
        otherwise: whole(0, 100, 'Points of all other values.'),
      },
      { ...closed, title: '{ fn: step, steps, otherwise }' },
    ),
    Type.Object({ fn: always('ratio', fn) }, { ...closed, title: '{ fn: ratio }' }),
    Type.Object({ fn: always('bool', fn) }, { ...closed, title: '{ fn: bool }' }),
  ],
  { description: 'From 0 to 100 points; what is beyond is cut off.' },
)

const Gate = Type.Object(
  {
    when: condition('What must not be true of any unit in its scope.'),
    scope: scope('Which environments it looks at.'),
    cap_level: Type.String({ description: 'Id of the highest level that is left.' }),
  },
  { ...closed, description: 'Holds the level down, however good the rest is.' },
)

const Indicator = Type.Object(
  {
    id: pattern(
      '^[a-z][a-z0-9]{0,15}\\.[a-z0-9][a-z0-9_]{0,46}$',
      'must be <dimension>.<name>, such as d3.backup_age',
      'Unique in the model; stays the same in later versions.',
    ),
    weight: whole(0, 100, 'Share of its dimension; all of a dimension are 100. 0: not scored.'),
    source: Type.Enum([...metricSources], { description: 'Where the metric comes from.' }),
    metric: metric('What is scored.'),
    unit: Type.Enum(metricUnits, { description: 'The unit of the metric.' }),
    rollup: Type.Object(
      {
        hosts: Type.Enum(['criticality_weighted', 'worst'], {
          description: 'By the criticality of their environments, or the worst alone.',
        }),
      },
      { ...closed, description: 'How several hosts or environments become one.' },
    ),
    score: Score,
    gate: Type.Optional(Gate),
    na: NotApplicable,
    label: bilingual('Name of the indicator.'),
    advice: bilingual('What to do to raise it.', modelLimits.adviceCharactersMax),
  },
  closed,
)

const objectives = [1, 2, 3, 4, 5, 6, 8]

const DimensionInFile = Type.Object(
  {
    id: pattern(
      '^[a-z][a-z0-9]{0,15}$',
      'must be small letters and digits, such as d3',
      'Unique in the model.',
    ),
    weight: whole(1, 100, 'Share of the index; all dimensions are 100.'),
    objectives: Type.Array(Type.Enum(objectives), {
      maxItems: objectives.length,
      uniqueItems: true,
      description:
        'Numbers of the objectives it serves. Objective 7 is a rank of the nation: never scored.',
    }),
    axis: Type.Enum([...axisNames], { description: 'Axis that it is automated evidence for.' }),
    label: bilingual('Name of the dimension.'),
    indicators: Type.Array(Indicator, {
      minItems: 1,
      maxItems: modelLimits.indicatorsMax,
      description: 'What it is scored by.',
    }),
  },
  closed,
)

const LevelInFile = Type.Object(
  {
    id: pattern('^[a-z][a-z_]{0,30}$', 'must be small letters, such as average', 'Unique.'),
    min: whole(0, 100, 'Lowest index of the level. Percent.'),
    color: pattern('^#[0-9a-f]{6}$', 'must be a colour such as "#2e8b57"', 'Colour of its chip.'),
    icon: Type.Enum(['star', 'up', 'equal', 'down', 'stop'], { description: 'Icon of its chip.' }),
    label: bilingual('Name of the level.'),
  },
  closed,
)

const CriterionInFile = Type.Object(
  {
    id: pattern('^E([1-9]|1[0-9]|20)$', 'must be E1 to E20', 'Unique in the model.'),
    label: bilingual('Name of the criterion.'),
    advice: bilingual('What to do to pass it.', modelLimits.adviceCharactersMax),
    conditions: Type.Array(
      Type.Object(
        {
          metric: metric('What is looked at.'),
          when: condition('What must be true of every unit in its scope.'),
          scope: scope('Which environments it looks at.'),
          na: NotApplicable,
        },
        { ...closed, title: 'a condition ({ metric, when, scope, na })' },
      ),
      { minItems: 1, maxItems: modelLimits.conditionsMax, description: 'All must hold.' },
    ),
  },
  closed,
)

/** A readiness model as it is written. */
export const ModelInFile = Type.Object(
  {
    apiVersion: always('readiness.model/v1', 'Format of this file.'),
    id: pattern(
      '^[a-z][a-z0-9-]{0,39}$',
      'must be small letters, digits and hyphens, at most 40',
      'Name of the model; stays the same in all its versions.',
    ),
    version: pattern(
      '^(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})$',
      'must be a version such as 1.0.0',
      'Major: scores cannot be compared; minor: new things that are not scored; patch: texts.',
    ),
    status: Type.Enum(['draft', 'approved', 'retired'], {
      description: 'What the file says of itself; only the log of acts approves a model.',
    }),
    hash: Type.Optional(
      pattern(
        '^[0-9a-f]{64}$',
        'must be 64 hexadecimal digits',
        'Of an approved file: what was approved. Any change of the file no longer fits it.',
      ),
    ),
    effective: Type.Object(
      {
        from: day('First day on which it holds; not before it is approved.'),
        to: Type.Union([Type.Null(), day('First day on which it no longer holds.')], {
          description: 'null: until another one takes its place.',
        }),
        timezone: Type.String({ description: 'IANA time zone of both days.' }),
      },
      { ...closed, description: 'When it holds.' },
    ),
    label: bilingual('Name of the index.'),
    target: Type.Object(
      { op: always('>=', 'At least.'), value: whole(1, 100, 'Percent.') },
      { ...closed, description: 'From which index on it is good enough.' },
    ),
    aggregation: Type.Object(
      {
        within: always('arithmetic', 'Weighted mean of the indicators of a dimension.'),
        across: always('arithmetic', 'Weighted mean of the dimensions.'),
      },
      { ...closed, description: 'How many scores become one.' },
    ),
    missing: Type.Object(
      {
        low: always(0, 'Points of what is missing, in the low.'),
        high: always(100, 'Points of what is missing, in the high.'),
        min_available: share('A dimension has an observed score from this share on. 0 to 1.'),
        max_na: share('A dimension of which more does not apply is invalid. 0 to 1.'),
        stale_days: Type.Object(
          {
            measured: whole(1, modelLimits.staleMeasuredDaysMax, 'Age of a measured value. Days.'),
            declared: whole(1, 366, 'Age of a declaration. Days.'),
          },
          { ...closed, description: 'Age from which a value is stale.' },
        ),
      },
      { ...closed, description: 'What is not known, and what does not apply.' },
    ),
    rounding: Type.Object(
      {
        compare: always('exact', 'Figures are compared before they are rounded.'),
        show: always(2, 'Decimals.'),
        low: always('floor', 'The low is never rounded up.'),
        high: always('ceil', 'The high is never rounded down.'),
      },
      { ...closed, description: 'How figures are shown.' },
    ),
    levels: Type.Array(LevelInFile, {
      minItems: 2,
      maxItems: modelLimits.levelsMax,
      description: 'Highest first; the last begins at 0.',
    }),
    dimensions: Type.Array(DimensionInFile, {
      minItems: 1,
      maxItems: modelLimits.dimensionsMax,
      description: 'What the index is made of.',
    }),
    enabled: Type.Array(CriterionInFile, {
      minItems: 1,
      maxItems: modelLimits.criteriaMax,
      description: 'What an institution must pass to be digitally enabled.',
    }),
  },
  closed,
)
export type ModelInFile = Static<typeof ModelInFile>
