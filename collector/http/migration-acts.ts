import { claimedStates, strategies } from '../kpi/migration/workload.ts'
import type { InstitutionRow, Snapshot } from '../kpi/snapshot.ts'
import { proposedWorkload } from '../migration/discovery.ts'
import { columnOrder, rowOf } from '../migration/workload-columns.ts'
import type { Account } from '../people/accounts.ts'
import { asksRoadmap, decidesRoadmap, type Roadmap } from '../people/roadmap.ts'
import { registersFor, type Workloads } from '../people/workloads.ts'
import type { AskedWorkload } from '../register/workloads.ts'
import type { Frame } from '../web/frame.ts'
import { importPage, roadmapPage, workloadsPage } from '../web/pages/migration-acts.ts'
import type { ImportPreview } from '../web/parts/import-forms.ts'
import { dayOf, type RefusedMigration } from '../web/parts/migration-forms.ts'
import type { Views } from './views.ts'

const own = '/institutions/:institution/migration'
export const workloadsPath = `${own}/workloads`
export const importPath = `${own}/import`
export const roadmapPath = `${own}/roadmap`

/** What the pages are made from on which people act on an institution's migration. */
export type MigrationActs = {
  readonly workloads: Workloads
  readonly roadmap: Roadmap
  readonly views: Pick<Views, 'migration'>
  /** A form of the page that was refused. */
  readonly refusedMigration: RefusedMigration | null
  /** A file whose changes are to be looked at. */
  readonly preview: ImportPreview | null
}

type Signed = Frame & { readonly account: Account }
type Query = Readonly<Record<string, unknown>>

/** Workloads as registered, and the form for one: new, chosen, or as discovery proposes. */
export async function showWorkloads(
  frame: Signed,
  snapshot: Snapshot,
  acts: MigrationActs,
  owner: InstitutionRow,
  query: Query,
): Promise<string> {
  const { account } = frame
  const { refusedMigration: refused } = acts
  const workloads = acts.workloads.list(account, owner.id)
  const sent = refused?.fields.get('act') === 'put' ? refused.fields : null
  const wanted = sent?.get('mode') === 'new' ? null : (refused?.fields.get('id') ?? query.workload)
  const chosen = workloads.find(({ id }) => id === wanted) ?? null
  const proposed = chosen || sent ? null : await proposal(acts, owner, query)
  const shown = chosen ?? proposed
  return workloadsPage(frame, snapshot, owner, {
    ...{ workloads, environments: owner.environments, chosen, refused },
    hosting: await acts.workloads.hosting(),
    values: sent ? Object.fromEntries(sent) : shown ? cellsOf(shown) : {},
    isProposed: proposed !== null,
    ...{ states: claimedStates, strategies, mayRegister: registersFor(account, owner.id) },
  })
}

/** What discovery proposes for the environment that the address names. */
async function proposal(
  { views }: MigrationActs,
  owner: InstitutionRow,
  query: Query,
): Promise<AskedWorkload | null> {
  const row = owner.environments.find(({ id }) => id === query.environment)
  if (!row) return null
  const detail = await views.migration(owner.id)
  const found = detail?.discovered.find(({ environment }) => environment === row.id)
  const unknown = { environment: row.id, provider: null, as: 'source' } as const
  return proposedWorkload(found ?? unknown, row)
}

function cellsOf(workload: AskedWorkload): Record<string, string> {
  const cells = rowOf(workload)
  return Object.fromEntries(columnOrder.map((name, i) => [name, cells[i] ?? '']))
}

/** The import of workloads, and what a file would change. */
export function showImport(
  frame: Signed,
  snapshot: Snapshot,
  { preview, refusedMigration: refused }: MigrationActs,
  owner: InstitutionRow,
): string {
  const mayRegister = registersFor(frame.account, owner.id)
  const view = { institution: owner.id, mayRegister, preview, refused }
  return importPage(frame, snapshot, owner, view)
}

/** Exemptions and the roadmap, with what a roadmap would promise from the day of the address on. */
export async function showRoadmap(
  frame: Signed,
  snapshot: Snapshot,
  { workloads, roadmap, refusedMigration }: MigrationActs,
  owner: InstitutionRow,
  query: Query,
): Promise<string> {
  const { account } = frame
  const { id: institution } = owner
  const asked = refusedMigration?.fields.get('startOn') || query.startOn
  const firstOfMonth = `${dayOf(frame, frame.now).slice(0, 7)}-01`
  const startOn = isDay(asked) ? asked : firstOfMonth
  const refused = refusedMigration ?? (asked === undefined || isDay(asked) ? null : noDay)
  return roadmapPage(frame, snapshot, owner, {
    workloads: workloads.list(account, institution),
    exemptions: await roadmap.exemptions(account, { institution }),
    baselines: await roadmap.baselines(account, { institution }),
    draft: await roadmap.draft(account, institution, startOn),
    mayAsk: asksRoadmap(account, institution),
    mayDecide: (each) => decidesRoadmap(account, each),
    ...{ startOn, refused },
  })
}

/** The form for a draft, sent without a day. */
const noDay: RefusedMigration = {
  ...{ rule: 'time', field: 'startOn', instants: {}, fields: new Map(), problems: [] },
}

function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}
