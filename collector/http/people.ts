import type { FastifyInstance } from 'fastify'
import type { ExportJobs } from '../exports/export-jobs.ts'
import type { Roster } from '../ingest/roster.ts'
import { loadDefaultModel } from '../model/read-model.ts'
import type { AccessLog } from '../people/access-log.ts'
import type { Sessions } from '../people/accounts.ts'
import { ActLog } from '../people/act-log.ts'
import type { Cycles } from '../people/cycles.ts'
import { Declarations } from '../people/declarations.ts'
import { Disputes } from '../people/disputes.ts'
import type { Hosts } from '../people/hosts.ts'
import type { Identities } from '../people/identities.ts'
import { Inbox } from '../people/inbox.ts'
import { inboxSources } from '../people/inbox-sources.ts'
import { Maintenance, type MaintenanceOptions } from '../people/maintenance.ts'
import { PolicyChanges } from '../people/policy.ts'
import { RegisterRecord } from '../people/register-record.ts'
import { Roadmap, type RoadmapOptions } from '../people/roadmap.ts'
import { Workloads } from '../people/workloads.ts'
import type { ActReader } from '../store/acts.ts'
import { actLogPart, actLogRoutes } from './act-log.ts'
import { boardRoutes } from './board.ts'
import { checkpointRoutes } from './checkpoints.ts'
import { declarationRoutes } from './declarations.ts'
import { disputeRoutes } from './disputes.ts'
import { exportRoutes } from './exports.ts'
import { nationHomes } from './homes-nation.ts'
import { inboxPart, inboxRoutes } from './inbox.ts'
import { maintenanceRoutes } from './maintenance.ts'
import { addModels } from './models.ts'
import { accountPart, type OwnTokens } from './pages-accounts.ts'
import { exportsPart } from './pages-exports.ts'
import { homePart } from './pages-home.ts'
import { hostsPart, institutionHome } from './pages-hosts.ts'
import { modelsPart } from './pages-models.ts'
import { officialPart } from './pages-official.ts'
import { policyPart } from './pages-policy.ts'
import { programmePart } from './pages-programme.ts'
import { registerPart } from './pages-register.ts'
import { policyRoutes } from './policy.ts'
import { roadmapRoutes } from './roadmap.ts'
import type { WaysIn } from './sign-in.ts'
import type { Published } from './trend-view.ts'
import type { Views } from './views.ts'
import { workloadImportRoutes } from './workload-import.ts'
import { workloadRoutes } from './workloads.ts'

/** The board, and what people ask for and decide on it and by the API. */
export async function addPeopleRoutes(
  app: FastifyInstance,
  sessions: Sessions,
  options: MaintenanceOptions &
    RoadmapOptions & {
      readonly views: Views
      readonly cycles: Cycles
      readonly published: Published
      readonly hosts: Hosts
      readonly ways: WaysIn & { readonly apiTokens: OwnTokens }
      readonly exports: ExportJobs
      readonly roster: Roster
      readonly identities: Identities
      readonly access: AccessLog
      readonly store: ActReader
    },
): Promise<void> {
  const { views, now, cycles, published, hosts, ways } = options
  const maintenance = await Maintenance.open(options)
  const disputes = await Disputes.open({
    ...options,
    frozenThrough: (at) => cycles.frozenThrough(at),
  })
  const declarations = await Declarations.open(options)
  const workloads = await Workloads.open(options)
  const roadmap = new Roadmap(options)
  const models = await addModels(app, { ...options, sessions, defaultModel: loadDefaultModel() })
  const policy = new PolicyChanges(options)
  await app.register(policyRoutes(policy, sessions))
  const asked = { maintenance, disputes, declarations, roadmap, policy }
  const inbox = new Inbox(inboxSources({ ...options, ...asked, models }))
  const people = { ...asked, workloads, inbox }
  const acts = new ActLog(options.store)
  const homes = { ...nationHomes(options.exports), institution: institutionHome(hosts) }
  const parts = [
    homePart(homes),
    hostsPart(hosts),
    inboxPart(inbox),
    actLogPart({ acts }),
    exportsPart(options.exports, options),
    registerPart(new RegisterRecord(options.store)),
    policyPart(policy),
    modelsPart(models, cycles),
    officialPart(published),
    programmePart(published),
    accountPart({ ...ways, now }),
  ]
  await app.register(boardRoutes(views, sessions, people, now, cycles, published, parts, ways))
  await app.register(inboxRoutes(inbox, sessions))
  await app.register(actLogRoutes({ ...options, acts, sessions }))
  await app.register(exportRoutes(options.exports, options, sessions))
  await app.register(maintenanceRoutes(maintenance, sessions))
  await app.register(disputeRoutes(disputes, sessions))
  await app.register(declarationRoutes(declarations, sessions))
  await app.register(roadmapRoutes(roadmap, sessions))
  await app.register(workloadRoutes(workloads, sessions))
  await app.register(checkpointRoutes(hosts, sessions))
  await app.register(workloadImportRoutes(workloads, views, sessions))
}
