import { dayMs } from '../../protocol/time.ts'
import type { InstitutionRow, Snapshot } from '../kpi/snapshot.ts'
import type { Account } from '../people/accounts.ts'
import { type Hosts, tokenCaps } from '../people/hosts.ts'
import { may } from '../people/permissions.ts'
import { isSecondPerson, type Proposal } from '../people/two-person.ts'
import { version } from '../version.ts'
import { type Frame, visibleTo } from '../web/frame.ts'
import { institutionAgentsPage } from '../web/pages/institution-agents.ts'
import { institutionHomePage } from '../web/pages/institution-home.ts'
import type { HostsView } from '../web/parts/hosts.ts'
import type { InstallView } from '../web/parts/install.ts'
import type { OwnActs } from '../web/parts/own-acts.ts'
import { everyone } from './access.ts'
import { submitHosts } from './hosts-form.ts'
import { manages } from './managers.ts'
import type { BoardPart, Sources } from './page-route.ts'
import type { Home } from './pages-home.ts'

/** The agents of an institution; also where the forms about them go. */
export const agentsPath = '/institutions/:institution/agents'

/** Declarations that expire within this time are told of at home. */
const expiresSoonMs = 60 * dayMs

/** The page of an institution's agents. */
export function hostsPart(hosts: Hosts): BoardPart {
  return {
    pages: {
      [agentsPath]: async (frame, snapshot, sources, place) => {
        const row = rowOf(frame, snapshot, place.institution)
        if (!row) return null
        const mayManage = manages(frame.account, row.id)
        const { refusedForm: refused } = sources
        const view = await hostsView(hosts, snapshot, row, frame.account, sources)
        const managed = mayManage && {
          tokens: { row, tokens: await hosts.tokens(row.id), refused },
          install: installView(frame, row, sources),
        }
        return institutionAgentsPage(frame, snapshot, row, view, managed || null)
      },
    },
    access: { [agentsPath]: everyone },
    forms: {
      [agentsPath]: (account, { institution }, _snapshot, body) =>
        submitHosts(hosts, account, institution, body),
    },
  }
}

/** The home of an institution; null where the register does not name it any more. */
export function institutionHome(hosts: Hosts): Home {
  return {
    page: async (frame, snapshot, sources) => {
      const { account } = frame
      const row = rowOf(frame, snapshot, account.institution ?? '')
      if (!row) return null
      const { id } = row
      const [readiness, changes, view, kept] = await Promise.all([
        snapshot.readiness ? sources.views.readiness(id) : null,
        changesOf(account, snapshot, sources),
        hostsView(hosts, snapshot, row, account, sources),
        hosts.kept(id),
      ])
      return institutionHomePage(frame, snapshot, row, {
        ...{ readiness, changes, hosts: view, kept: { ...kept, row } },
        install: installView(frame, row, sources),
        acts: actsOf(frame, sources),
      })
    },
    form: (account, _place, _snapshot, body) =>
      submitHosts(hosts, account, account.institution ?? '', body),
  }
}

function rowOf(frame: Frame, snapshot: Snapshot, institution: string): InstitutionRow | undefined {
  return visibleTo(frame.account, snapshot).find(({ id }) => id === institution)
}

async function hostsView(
  hosts: Hosts,
  { computedAt: now }: Snapshot,
  row: InstitutionRow,
  account: Account,
  { refusedForm: refused }: Sources,
): Promise<HostsView> {
  const mayManage = manages(account, row.id)
  const decides = may(account, 'releases.decide', row.id)
  const mayRelease = ({ requestedBy }: Pick<Proposal, 'requestedBy'>) =>
    decides && isSecondPerson(account, requestedBy)
  return { row, hosts: await hosts.list(row.id), mayManage, mayRelease, refused, now }
}

function installView(
  { origin = '' }: Frame,
  row: InstitutionRow,
  { refusedForm: refused, shownOnce: made }: Sources,
): InstallView {
  return { row, origin, refused, made, version, caps: tokenCaps }
}

/** What was published of the institution in the running cycle and became another figure. */
async function changesOf(account: Account, { cycle }: Snapshot, { cycles }: Sources) {
  const known = (await cycles?.list())?.some(({ id }) => id === cycle.id)
  if (!cycles || !known) return []
  const all = await cycles.changes(account, cycle.id)
  return all.filter(({ figure }) => figure === `institution/${account.institution}`)
}

/** What the account's institution asked for and what is due. */
function actsOf({ account, now }: Frame & { account: Account }, sources: Sources): OwnActs {
  const { maintenance, disputes, declarations } = sources
  const coming = ['requested', 'approved', 'under_way']
  const isDue = (at: number) => at > now && at <= now + expiresSoonMs
  return {
    maintenance: maintenance.list(account).filter(({ state }) => coming.includes(state)),
    // What is still open first, then the newest.
    disputes: disputes
      .list(account)
      .toReversed()
      .sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open')),
    expiring: declarations
      .list(account)
      .filter(({ state, expiresAt }) => ['open', 'verified'].includes(state) && isDue(expiresAt))
      .sort((a, b) => a.expiresAt - b.expiresAt),
  }
}
