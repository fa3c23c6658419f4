import { Type } from 'typebox'
import { displayText, idPattern } from '../../protocol/schema.ts'
import { claimedStates, strategies } from '../kpi/migration/workload.ts'
import { workloadCriticalities, workloadLimits } from '../register/workload-fields.ts'

const closed = { additionalProperties: false } as const
const { hostsMax, nameCharactersMax, waveCharactersMax, ownerCharactersMax } = workloadLimits
const { reasonCharactersMax, weightMax, workloadsMax } = workloadLimits

function text(charactersMax: number, description: string) {
  return Type.String({ ...displayText(charactersMax), description })
}

function id(description: string) {
  return Type.String({ pattern: idPattern, description })
}

function day(description: string) {
  const pattern = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
  const patternErrorMessage = 'must be a day such as 2027-05-02, in digits 0-9'
  return Type.String({ pattern, patternErrorMessage, description })
}

function place(description: string) {
  return Type.Object(
    {
      environment: id('Id of the environment in the register.'),
      hosts: Type.Optional(
        Type.Array(id('Name of an agent of the environment.'), {
          ...{ maxItems: hostsMax, uniqueItems: true },
          description: 'Its hosts, by the names of their agents; all of the environment without.',
        }),
      ),
    },
    { ...closed, description },
  )
}

/** One workload as it is written in a file; what is not known is left out. */
const WorkloadInFile = Type.Object(
  {
    id: id('Unique in the institution; never used again.'),
    name: Type.Object(
      { ar: text(nameCharactersMax, 'In Arabic.'), en: text(nameCharactersMax, 'In English.') },
      { ...closed, description: 'Name in both languages.' },
    ),
    criticality: Type.Enum([...workloadCriticalities], { description: 'How important it is.' }),
    state: Type.Enum([...claimedStates], {
      description: 'How far it is. That it is validated is what measurement finds.',
    }),
    weight: Type.Optional(
      Type.Integer({
        ...{ minimum: 1, maximum: weightMax },
        description: 'How much it counts; by its criticality where none was ever given.',
      }),
    ),
    dataClass: Type.Optional(id('Id of a data class of the policy’s `hosting`.')),
    strategy: Type.Optional(
      Type.Enum([...strategies], { description: 'What becomes of it: one of the seven Rs.' }),
    ),
    wave: Type.Optional(text(waveCharactersMax, 'Name of the wave it moves with.')),
    owner: Type.Optional(
      text(ownerCharactersMax, 'Post or team that answers for it; no person’s name.'),
    ),
    source: Type.Optional(place('Where it runs, or ran, before it moves.')),
    target: Type.Optional(place('Where it runs once it has moved.')),
    provider: Type.Optional(id('Id of the provider that is to host it.')),
    serviceSince: Type.Optional(day('Since when it is in service anywhere.')),
    plannedStart: Type.Optional(day('When work on its move is to begin.')),
    plannedFinish: Type.Optional(day('When it is to be validated in the target, or retired.')),
    startedOn: Type.Optional(day('When its move began.')),
    cutOverOn: Type.Optional(day('When it was cut over.')),
    retiredOn: Type.Optional(day('When it was retired.')),
    blocked: Type.Optional(
      Type.Object(
        { reason: text(reasonCharactersMax, 'What it waits for.'), since: day('Since when.') },
        { ...closed, description: 'Given while it cannot go on.' },
      ),
    ),
  },
  { ...closed, description: 'One thing to be moved.' },
)

/** A file of workloads as it is written in YAML. */
export const WorkloadsFile = Type.Object(
  {
    apiVersion: Type.Literal('istimrar.workloads/v1', { description: 'Format of this file.' }),
    workloads: Type.Array(WorkloadInFile, {
      ...{ minItems: 1, maxItems: workloadsMax },
      description: 'Workloads to register or to change. Others stay as they are.',
    }),
  },
  closed,
)
