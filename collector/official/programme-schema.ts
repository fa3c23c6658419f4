import { type Static, Type } from 'typebox'
import { displayText } from '../../protocol/schema.ts'

const closed = { additionalProperties: false } as const

function described(charactersMax: number, description: string) {
  return Type.String({ ...displayText(charactersMax), description })
}

const Names = (description: string) =>
  Type.Object(
    {
      ar: described(300, 'In Arabic.'),
      en: described(300, 'In English.'),
    },
    { ...closed, description },
  )

const whole = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 1_000_000_000, description })
const base = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000_000, description })
const percent = (description: string) => Type.Number({ minimum: 0, maximum: 100, description })

/** What a value is. */
export const programmeKinds = ['baseline', 'target', 'actual'] as const
/** How the value is meant: exactly, at least, at most. */
export const programmeRelations = ['=', '>=', '<='] as const

const Value = Type.Object(
  {
    kind: Type.Enum([...programmeKinds], { description: 'What the value is.' }),
    of: Type.Optional(Names('What it is of, where the figure has several.')),
    relation: Type.Optional(
      Type.Enum([...programmeRelations], { description: 'How it is meant; exactly where absent.' }),
    ),
    count: Type.Optional(whole('A number of things, as published.')),
    percent: Type.Optional(percent('A share in percent, as published.')),
    parts: Type.Optional(
      Type.Array(percent('A share in percent.'), {
        minItems: 2,
        maxItems: 6,
        description: 'Shares in percent of one whole, as published.',
      }),
    ),
    denominator: Type.Union([base('Of how many.'), Type.Null()], {
      description: 'Of how many, as the source says; null where it does not say.',
    }),
    otherBases: Type.Optional(
      Type.Array(base('Of how many.'), {
        minItems: 1,
        maxItems: 6,
        uniqueItems: true,
        description: 'Other denominators to hold it against, as sources name them.',
      }),
    ),
    date: Type.String({
      pattern: '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$',
      patternErrorMessage: 'must be a day, month or year such as 2025-12-31, 2025-12 or 2025',
      description: 'As of when, as exactly as the source says.',
    }),
    source: described(500, 'Document and line, or address.'),
    note: Type.Optional(Names('What a reader must know.')),
  },
  { ...closed, description: 'One published value with its own denominator, date and source.' },
)

const Figure = Type.Object(
  {
    id: Type.String({
      pattern: '^P[1-9][0-9]?$',
      patternErrorMessage: 'must be an id such as P1',
      description: 'Id, P1 to P99.',
    }),
    label: Names('What the figure is about.'),
    computed: Type.Optional(
      Type.Boolean({
        description: 'Whether this product measures it: what is here is its target.',
      }),
    ),
    values: Type.Array(Value, { minItems: 1, maxItems: 40, description: 'As published.' }),
  },
  { ...closed, description: 'One figure that the programme published.' },
)

/** programme.yaml as it is written. */
export const ProgrammeFile = Type.Object(
  {
    apiVersion: Type.Literal('istimrar.programme/v1', { description: 'Format of this file.' }),
    figures: Type.Array(Figure, {
      minItems: 1,
      maxItems: 99,
      description: 'Every figure. What is not named is taken back.',
    }),
  },
  closed,
)

/** One figure that the programme published, as it was published. */
export type ProgrammeFigure = Static<typeof Figure>
export type ProgrammeValue = Static<typeof Value>

/** A field of the file, and whether it must be there. */
export type ProgrammeField<Name> = { readonly name: Name; readonly isNeeded: boolean }

/** The fields of a figure and those of a value, in the order in which they are written. */
export const programmeFields = {
  figure: fieldsOf<keyof ProgrammeFigure>(Figure),
  value: fieldsOf<keyof ProgrammeValue>(Value),
} as const

function fieldsOf<Name extends string>({
  properties,
  required,
}: {
  readonly properties: Readonly<Record<Name, unknown>>
  readonly required: readonly string[]
}): readonly ProgrammeField<Name>[] {
  const names = Object.keys(properties) as Name[] // of a schema that has no others
  return names.map((name) => ({ name, isNeeded: required.includes(name) }))
}
