import type { FastifyInstance } from 'fastify'
import { loadDefaultModel } from '../model/read-model.ts'
import type { Sessions } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import { Declarations } from '../people/declarations.ts'
import { Disputes } from '../people/disputes.ts'
import { Maintenance, type MaintenanceOptions } from '../people/maintenance.ts'
import { boardRoutes } from './board.ts'
import { declarationRoutes } from './declarations.ts'
import { disputeRoutes } from './disputes.ts'
import { maintenanceRoutes } from './maintenance.ts'
import { addModels } from './models.ts'
import type { Published } from './trend-view.ts'
import type { Views } from './views.ts'

/** The board, and what people ask for and decide on it and by the API. */
export async function addPeopleRoutes(
  app: FastifyInstance,
  sessions: Sessions,
  options: MaintenanceOptions & {
    readonly views: Views
    readonly cycles: Cycles
    readonly published: Published
  },
): Promise<void> {
  const { views, now, cycles, published } = options
  const maintenance = await Maintenance.open(options)
  const disputes = await Disputes.open({
    ...options,
    frozenThrough: (at) => cycles.frozenThrough(at),
  })
  const declarations = await Declarations.open(options)
  const people = { maintenance, disputes, declarations }
  await app.register(boardRoutes(views, sessions, people, now, cycles, published))
  await addModels(app, { ...options, sessions, defaultModel: loadDefaultModel() })
  await app.register(maintenanceRoutes(maintenance, sessions))
  await app.register(disputeRoutes(disputes, sessions))
  await app.register(declarationRoutes(declarations, sessions))
}
