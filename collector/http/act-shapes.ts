import { type Static, Type } from 'typebox'
import { idPattern } from '../../protocol/schema.ts'
import { Problem } from './figures.ts'

/** Shapes that everything shares which people ask for about environments. */

/** More fields than are named are refused. */
export const closed = { additionalProperties: false } as const

export const Id = Type.String({ pattern: idPattern })

/** Up to the last instant that a date can name. */
export const Epoch = Type.Integer({
  minimum: 0,
  maximum: 8_640_000_000_000_000,
  description: 'Milliseconds since 1970, UTC; whole minutes.',
})

/** What everything that is asked for has. */
export const askedFields = {
  id: Type.String(),
  institution: Type.String(),
  environment: Type.String(),
  from: Epoch,
  to: Epoch,
  why: Type.String(),
  requestedBy: Type.String(),
  requestedAt: Epoch,
  withdrawnAt: Type.Union([Epoch, Type.Null()]),
}

/** What every decision has. */
export const decisionFields = {
  is: Type.Enum(['approved', 'refused']),
  by: Type.String(),
  role: Type.String(),
  at: Epoch,
  why: Type.String(),
}

/** Refusals that every route may answer with. */
export const problems = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 503: Problem }

const environmentParams = { institution: Id, environment: Id }
/** Of an environment, of an institution, and of one thing that was asked for. */
export const EnvironmentParams = Type.Object(environmentParams)
export const InstitutionParams = Type.Object({ institution: Id })
export const ActParams = Type.Object({ ...environmentParams, id: Id })
export type ActParams = Static<typeof ActParams>
