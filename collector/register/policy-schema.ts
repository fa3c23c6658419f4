import { type Static, type TSchema, Type } from 'typebox'
import { checkKindNames } from '../../protocol/check.ts'
import { displayText, idPattern } from '../../protocol/schema.ts'
import type { OptionalSettingName, SettingName } from './names.ts'
import { bilingual } from './register-schema.ts'

const closed = { additionalProperties: false } as const

/** A setting with the day it was decided and who signed it off. */
function setting<T extends TSchema>(description: string, value: T) {
  return Type.Object(
    {
      // The schema was made for this call; editors show the description at both places.
      value: Object.assign(value, { description }),
      since: Type.String({
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
        patternErrorMessage: 'must be a day such as 2026-10-01',
        description: 'Day of the decision; not later than the day this file takes effect.',
      }),
      approvedBy: Type.String({ ...displayText(100), description: 'Who signed it off.' }),
      note: Type.Optional(Type.String({ ...displayText(500), description: 'Why, or where from.' })),
    },
    { ...closed, description },
  )
}

function whole(minimum: number, maximum: number) {
  return Type.Integer({ minimum, maximum })
}

function month(description: string) {
  return Type.Integer({ minimum: 1, maximum: 12, description })
}

function weight(description: string) {
  return Type.Integer({ minimum: 1, maximum: 100, description })
}

function profile(description: string) {
  const oneOf = Type.Array(Type.Enum(checkKindNames), { minItems: 1, uniqueItems: true })
  return Type.Array(oneOf, { maxItems: 20, description })
}

function id(description: string) {
  return Type.String({ pattern: idPattern, description })
}

/** A word that agents tell: of a cloud, of one of its regions, of a hypervisor. */
function told(description: string) {
  return Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$', description })
}

const Country = Type.String({
  pattern: '^[A-Z]{2}$',
  patternErrorMessage: 'must be two capital letters, ISO 3166-1 alpha-2, such as OM',
  description: 'ISO 3166-1 alpha-2 code of a country, such as OM.',
})

const DataClass = Type.Object(
  {
    id: id('As workloads name it in `dataClass`.'),
    label: bilingual('What the class is called, in both languages.'),
    countries: Type.Union(
      [Type.Array(Country, { minItems: 1, maxItems: 50, uniqueItems: true }), Type.Literal('any')],
      { description: 'Countries in which it may be hosted; `any` for no rule.' },
    ),
  },
  closed,
)

const Region = Type.Object(
  {
    id: Type.Union([told('A region as agents tell it.'), Type.Literal('*')], {
      description: 'A region as agents tell it; `*` holds for all others, and where none is told.',
    }),
    country: Country,
  },
  closed,
)

const Provider = Type.Object(
  {
    id: id('As workloads name it in `provider`.'),
    name: bilingual('What the provider is called, in both languages.'),
    clouds: Type.Array(told('A cloud as agents tell it, such as azure.'), {
      ...{ maxItems: 20, uniqueItems: true },
      description: 'Clouds that agents on its hosts tell of; never `none`.',
    }),
    virtualisations: Type.Array(told('A hypervisor as agents tell it, such as vmware.'), {
      ...{ maxItems: 20, uniqueItems: true },
      description: 'Hypervisors of its hosts where they tell of no cloud: weaker evidence.',
    }),
    regions: Type.Array(Region, {
      ...{ maxItems: 50 },
      description: 'In which country each region is. Without one, its place is not known.',
    }),
  },
  closed,
)

const Hosting = setting(
  'What the circular on cloud hosting demands. Absent: nothing is judged by it.',
  Type.Object(
    {
      circularDate: Type.String({
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
        patternErrorMessage: 'must be a day such as 2026-10-01',
        description: 'From this day on a new workload on own premises is a breach.',
      }),
      dataClasses: Type.Array(DataClass, {
        ...{ minItems: 1, maxItems: 20 },
        description: 'Classes of data, and where each may be hosted.',
      }),
      providers: Type.Array(Provider, {
        ...{ maxItems: 50 },
        description: 'Approved providers, and by what agents recognise them.',
      }),
    },
    closed,
  ),
)

/** Every setting there is. What each does to the figures: docs/methodology.md. */
export const Settings = Type.Object(
  {
    timezone: setting('IANA time zone of days, cycles and service hours.', Type.String()),
    cycleMonths: setting(
      'Months in which the two half-year cycles start.',
      Type.Object(
        {
          april: month('Month in which the cycle that closes in April starts.'),
          october: month('Month in which the cycle that closes in October starts.'),
        },
        closed,
      ),
    ),
    continuityTargetRatio: setting(
      'Target of the continuity KPI. Ratio, 0 to 1.',
      Type.Number({ minimum: 0, maximum: 1 }),
    ),
    maintenanceNoticeHours: setting(
      'Hours between the registration of maintenance and its earliest start.',
      whole(0, 720),
    ),
    maintenanceQuotaMinutes: setting(
      'Maintenance that leaves the denominator, per environment and cycle. Minutes.',
      whole(0, 43_200),
    ),
    maintenanceGapPoints: setting(
      'Net minus gross continuity above which an audit flag is raised. Percentage points.',
      Type.Number({ minimum: 0, maximum: 100 }),
    ),
    freezeDays: setting('Days from the end of a cycle to its freeze.', whole(0, 90)),
    criticalityWeights: setting(
      'Weight of an environment where several are pooled.',
      Type.Object(
        {
          critical: weight('Weight of a critical environment.'),
          important: weight('Weight of an important environment.'),
          supporting: weight('Weight of a supporting environment.'),
        },
        closed,
      ),
    ),
    degradedCountsAsUp: setting('Whether degraded time is available time.', Type.Boolean()),
    nationalAggregation: setting(
      'The national headline: all environments in one pool, or the equal mean of institutions.',
      Type.Enum(['pooled', 'mean']),
    ),
    publicNeedsWitnesses: setting(
      'Whether a public environment counts as up only when seen from outside.',
      Type.Boolean(),
    ),
    minimumProfile: setting(
      'Checks an environment must have to be assessed, by class. Of each inner list one is enough.',
      Type.Object(
        {
          public: profile('For environments of the class public.'),
          internal: profile('For environments of the class internal.'),
          link: profile('For environments of the class link.'),
        },
        closed,
      ),
    ),
    setUpDays: setting('Days of evidence below which no verdict is shown.', whole(0, 90)),
    sealMinutes: setting(
      'Minutes an agent may wait before it seals its evidence; agents use 10.',
      whole(10, 60),
    ),
    centreShareMaxRatio: setting(
      'Share of a window lost by the collector above which an audit flag is raised. 0 to 1.',
      Type.Number({ minimum: 0, maximum: 1 }),
    ),
    scopeStart: setting(
      'When an environment starts to count: once the register names it.',
      Type.Enum(['registration']),
    ),
    joinerDenominator: setting(
      'What an institution that joins within a window is measured over: its time in scope.',
      Type.Enum(['in_scope']),
    ),
    publishGuard: setting(
      'From which change on new figures wait for a person to confirm them.',
      Type.Object(
        {
          reportingFallRatio: Type.Number({
            minimum: 0.01,
            maximum: 1,
            description: 'Share of the reporting target institutions that fell silent. 0.01 to 1.',
          }),
          rowsLostRatio: Type.Number({
            minimum: 0.01,
            maximum: 1,
            description: 'Share of institutions or environments that vanished. 0.01 to 1.',
          }),
          lostMin: Type.Integer({
            minimum: 1,
            maximum: 200,
            description: 'How many must have fallen silent or vanished at least. 1 to 200.',
          }),
          jumpPoints: Type.Number({
            minimum: 0.1,
            maximum: 100,
            description: 'How far the national figure of the cycle moved. Percentage points.',
          }),
        },
        closed,
      ),
    ),
    hosting: Type.Optional(Hosting),
  } satisfies Record<SettingName | OptionalSettingName, TSchema>,
  {
    ...closed,
    description: 'Every assumption behind the figures. All but `hosting` are required.',
  },
)

/** Settings as signed off. */
export type Settings = Static<typeof Settings>

/** policy.yaml as it is written. */
export const PolicyFile = Type.Object(
  {
    apiVersion: Type.Literal('istimrar.policy/v1', { description: 'Format of this file.' }),
    settings: Settings,
  },
  closed,
)
