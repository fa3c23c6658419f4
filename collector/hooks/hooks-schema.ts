import { type Static, Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { eventTypes } from './event.ts'

const closed = { additionalProperties: false } as const
const minutes = (fallback: number, minimum: number, description: string) =>
  Type.Optional(
    Type.Integer({
      minimum,
      maximum: 1_440,
      description: `${description}; default ${fallback}.`,
    }),
  )

/** How long something must last before it is told, where the file does not say. Unit: minutes. */
export const defaultAfterMinutes = { environment: 5, agent: 5, publish: 15 } as const

const After = Type.Object(
  {
    environment: minutes(
      defaultAfterMinutes.environment,
      0,
      'An environment is down so long, or works again so long',
    ),
    agent: minutes(defaultAfterMinutes.agent, 5, 'An agent was not heard for so long'),
    publish: minutes(defaultAfterMinutes.publish, 0, 'Figures are held back for so long'),
  },
  { ...closed, description: 'Minutes that something must last before it is told.' },
)

const Hook = Type.Object(
  {
    id: Type.String({ pattern: idPattern, description: 'What it is called here and in the log.' }),
    url: Type.String({
      minLength: 8,
      maxLength: 2_000,
      description: 'Where events are sent; https, or http to this very machine.',
    }),
    secretFile: Type.String({
      minLength: 1,
      maxLength: 1_000,
      description: 'File with the secret that signs; relative to this file.',
    }),
    events: Type.Optional(
      Type.Array(Type.Enum([...eventTypes]), {
        minItems: 1,
        maxItems: eventTypes.length,
        uniqueItems: true,
        description: 'Which events; all where absent.',
      }),
    ),
    institutions: Type.Optional(
      Type.Array(Type.String({ pattern: idPattern }), {
        minItems: 1,
        maxItems: 500,
        uniqueItems: true,
        description: 'Events of these institutions alone; where absent, of all and of the nation.',
      }),
    ),
    language: Type.Optional(
      Type.Enum(['ar', 'en'], { description: 'Of the text in each event; default ar.' }),
    ),
  },
  { ...closed, description: 'One receiver.' },
)

/** hooks.yaml as it is written. */
export const HooksFile = Type.Object(
  {
    apiVersion: Type.Literal('istimrar.hooks/v1', { description: 'Format of this file.' }),
    afterMinutes: Type.Optional(After),
    hooks: Type.Array(Hook, { minItems: 1, maxItems: 50, description: 'Every receiver.' }),
  },
  closed,
)
export type HooksFile = Static<typeof HooksFile>
