import { Type } from 'typebox'
import { displayText, idPattern } from '../../protocol/schema.ts'

/** Limits of register.yaml. */
export const registerLimits = {
  institutionsMax: 200,
  sitesMax: 100,
  environmentsMax: 100,
  /** Members of one group of `needs`. */
  needsMembersMax: 50,
  /** Groups inside groups of `needs`, the outermost included. */
  needsDepthMax: 5,
  servicePeriodsMax: 20,
  /** Checks of witnesses that an environment names. */
  witnessesMin: 2,
  witnessesMax: 10,
  /** Checks that play one role for an institution. */
  roleChecksMax: 10,
  recoveryHoursMin: 0.1,
  recoveryHoursMax: 8_760,
  nameCharactersMax: 100,
} as const

export const institutionKinds = ['institution', 'governorate'] as const
/** Where an environment is hosted, as its owner says. */
export const hostingKinds = ['cloud', 'on_premises'] as const
export const environmentClasses = ['public', 'internal', 'link'] as const
export const criticalities = ['critical', 'important', 'supporting'] as const
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

const closed = { additionalProperties: false } as const
const { nameCharactersMax, needsMembersMax } = registerLimits

function id(description: string) {
  return Type.String({ pattern: idPattern, description })
}

function text(description: string) {
  return Type.String({ ...displayText(nameCharactersMax), description })
}

/** A name in one language: display text with at least one letter of its script. */
function nameIn(letters: string, language: string) {
  return Type.String({
    ...displayText(nameCharactersMax),
    pattern: `^(?=.*[${letters}])[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]+$`,
    patternErrorMessage: `must be written in ${language} letters, without hidden characters`,
    description: `The name in ${language}, as people read it.`,
  })
}

/** A name in both languages. */
export function bilingual(description: string) {
  const names = { ar: nameIn('\\u0621-\\u064a', 'Arabic'), en: nameIn('A-Za-z', 'Latin') }
  return Type.Object(names, { ...closed, description })
}

function time(pattern: string, description: string) {
  return Type.String({
    pattern,
    patternErrorMessage: 'must be a time of day such as "07:30"',
    description,
  })
}

function checkName() {
  return Type.String({
    pattern: `${idPattern.slice(0, -1)}/${idPattern.slice(1)}`,
    patternErrorMessage: 'must be a check, as <agent name>/<check>',
    title: 'a check (<agent name>/<check>)',
  })
}

const idPart = idPattern.slice(1, -1)

function roleChecks(description: string) {
  const check = Type.String({
    pattern: `^${idPart}/${idPart}/${idPart}$`,
    patternErrorMessage: 'must be a check, as <environment>/<agent name>/<check>',
  })
  const maxItems = registerLimits.roleChecksMax
  return Type.Optional(Type.Array(check, { minItems: 1, maxItems, uniqueItems: true, description }))
}

function hours(description: string) {
  const { recoveryHoursMin: minimum, recoveryHoursMax: maximum } = registerLimits
  return Type.Optional(Type.Number({ minimum, maximum, description }))
}

const groupOptions = { minItems: 1, maxItems: needsMembersMax, uniqueItems: true }

const Needs = Type.Cyclic(
  {
    Needs: Type.Union([
      checkName(),
      Type.Object(
        {
          all: Type.Array(Type.Ref('Needs'), {
            ...groupOptions,
            description: 'Every member must work.',
          }),
        },
        { ...closed, title: '{ all: [...] }' },
      ),
      Type.Object(
        {
          atLeast: Type.Integer({
            minimum: 1,
            maximum: needsMembersMax,
            description: 'How many of the members must work.',
          }),
          of: Type.Array(Type.Ref('Needs'), {
            ...groupOptions,
            description: 'The members, each a check or a group.',
          }),
        },
        { ...closed, title: '{ atLeast: k, of: [...] }' },
      ),
    ]),
  },
  'Needs',
  {
    description: 'What must work for it to be up. Absent: every check that can be down, in series.',
  },
)

const ServicePeriod = Type.Object(
  {
    days: Type.Array(Type.Enum([...weekdays]), {
      minItems: 1,
      uniqueItems: true,
      description: 'Days of the week.',
    }),
    from: time('^([01][0-9]|2[0-3]):[0-5][0-9]$', 'Start, in the time zone of policy.yaml.'),
    to: time('^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$', 'End, not included; 24:00 is midnight.'),
  },
  { ...closed, title: 'a period ({ days, from, to })' },
)

const EnvironmentInFile = Type.Object(
  {
    id: id('Unique in the institution; never reused for another environment.'),
    name: bilingual('Name of the hosting environment.'),
    class: Type.Enum([...environmentClasses], {
      description: 'Who uses it: the public, the institution itself, or two sites as a link.',
    }),
    criticality: Type.Enum([...criticalities], {
      description: 'Decides its weight; the weights are in policy.yaml.',
    }),
    site: Type.Optional(id('Id of one of the sites of the institution.')),
    hosting: Type.Optional(
      Type.Object(
        {
          provider: id('Id of the hosting provider; "own" for an own data centre.'),
          contract: Type.Optional(text('Reference of the hosting contract.')),
          kind: Type.Optional(
            Type.Enum([...hostingKinds], {
              description: 'Where it is said to be hosted; agents measure where it is.',
            }),
          ),
        },
        { ...closed, description: 'Who hosts it.' },
      ),
    ),
    serviceHours: Type.Optional(
      Type.Union(
        [
          Type.Literal('always'),
          Type.Array(ServicePeriod, {
            minItems: 1,
            maxItems: registerLimits.servicePeriodsMax,
            title: 'a list of { days, from, to }',
          }),
        ],
        { description: 'When it must work. Absent: always.' },
      ),
    ),
    recovery: Type.Optional(
      Type.Object(
        {
          rpoHours: hours('How old the last good backup may be. Hours.'),
          rtoHours: hours('How long an outage may last. Hours.'),
        },
        { ...closed, minProperties: 1, description: 'What its owner promised for recovery.' },
      ),
    ),
    needs: Type.Optional(Needs),
    witnesses: Type.Optional(
      Type.Array(checkName(), {
        minItems: registerLimits.witnessesMin,
        maxItems: registerLimits.witnessesMax,
        uniqueItems: true,
        description:
          'Of the class public: checks of witnesses, at least two, that look at it from outside.',
      }),
    ),
  },
  closed,
)

const InstitutionInFile = Type.Object(
  {
    id: id('Unique in the register; never reused for another institution.'),
    kind: Type.Enum([...institutionKinds], { description: 'The two kinds are averaged apart.' }),
    name: bilingual('Official name.'),
    sector: Type.Optional(id('Id of the sector, such as health.')),
    sites: Type.Optional(
      Type.Array(Type.Object({ id: id('Id of the site.'), name: bilingual('Name.') }, closed), {
        maxItems: registerLimits.sitesMax,
        description: 'Places with a data centre or a network of their own.',
      }),
    ),
    roles: Type.Optional(
      Type.Object(
        {
          remoteAccess: roleChecks('Checks of the gateway that staff work remotely through.'),
          integrationPlatform: roleChecks('Checks that call the national integration platform.'),
        },
        { ...closed, minProperties: 1, description: 'Checks that tell of more than their host.' },
      ),
    ),
    environments: Type.Array(EnvironmentInFile, {
      maxItems: registerLimits.environmentsMax,
      description: 'Hosting environments: what continuity is measured of.',
    }),
  },
  closed,
)

function population(description: string) {
  return Type.Array(id('Id of an institution.'), {
    maxItems: registerLimits.institutionsMax,
    uniqueItems: true,
    description,
  })
}

/** register.yaml as it is written. */
export const RegisterFile = Type.Object(
  {
    apiVersion: Type.Literal('istimrar.register/v1', { description: 'Format of this file.' }),
    institutions: Type.Array(InstitutionInFile, {
      maxItems: registerLimits.institutionsMax,
      description: 'Institutions and governorates.',
    }),
    populations: Type.Object(
      {
        continuity: population('Target institutions of the continuity KPI.'),
        enabled: population('Core target institutions of the enabled-share KPI.'),
        readiness: population('The public sector: members of the readiness index.'),
      },
      { ...closed, description: 'Which institutions each KPI is about.' },
    ),
  },
  closed,
)
