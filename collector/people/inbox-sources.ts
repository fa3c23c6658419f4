import type { Views } from '../http/views.ts'
import type { Roster } from '../ingest/roster.ts'
import { type ModelAct, modelKey } from '../register/models.ts'
import type { Account } from './accounts.ts'
import { type Cycles, proposesCycles } from './cycles.ts'
import { type Declarations, reviews } from './declarations.ts'
import { type Disputes, decidesDisputes } from './disputes.ts'
import type { Place } from './environment-acts.ts'
import type { Identities } from './identities.ts'
import type { InboxKind, InboxSource, Waiting } from './inbox.ts'
import { asked, became, isOther, own, stateOf, states } from './inbox-words.ts'
import { decides, type Maintenance } from './maintenance.ts'
import type { Models } from './models.ts'
import { may } from './permissions.ts'
import type { ListedPolicyChange, PolicyChanges } from './policy.ts'
import { type ListedRelease, listReleases } from './releases.ts'
import {
  decidesRoadmap,
  type ListedBaseline,
  type ListedExemption,
  type Roadmap,
} from './roadmap.ts'

/** What the sources read. */
export type InboxSubjects = {
  readonly maintenance: Pick<Maintenance, 'list'>
  readonly disputes: Pick<Disputes, 'list'>
  readonly declarations: Pick<Declarations, 'list'>
  readonly roadmap: Pick<Roadmap, 'exemptions' | 'baselines'>
  readonly cycles: Pick<Cycles, 'list'>
  readonly models: Pick<Models, 'list'>
  readonly policy: Pick<PolicyChanges, 'list'>
  readonly roster: Pick<Roster, 'rows' | 'has' | 'get'>
  readonly identities: Pick<Identities, 'releases' | 'openRelease'>
  readonly views: Pick<Views, 'snapshot'>
  readonly now: () => number
}

/** Everything that may wait for somebody: a new kind is a new line. */
export function inboxSources(subjects: InboxSubjects): InboxSource[] {
  return [
    ofMaintenance(subjects),
    ofDisputes(subjects),
    ofDeclarations(subjects),
    ofRoadmaps(subjects),
    ofCycles(subjects),
    ofHeld(subjects),
    ofModels(subjects),
    ofPolicy(subjects),
    ofAgents(subjects),
    ofReleases(subjects),
  ]
}

function ofMaintenance({ maintenance }: InboxSubjects): InboxSource {
  return {
    waits: (account) => {
      if (!decides(account)) return []
      const open = maintenance.list(account, { state: 'requested' })
      const others = open.filter((each) => isOther(account, each))
      return others.map((each) => {
        return { ...atEnvironment('maintenance', each), ...asked(each), due: each.from }
      })
    },
    asked: (account) =>
      maintenance
        .list(account)
        .filter(own(account))
        .map((each) => {
          return { ...atEnvironment('maintenance', each), ...became(each, states[each.state]) }
        }),
  }
}

function ofDisputes({ disputes }: InboxSubjects): InboxSource {
  return {
    waits: (account) => {
      if (!decidesDisputes(account)) return []
      const open = disputes.list(account, { state: 'open' })
      const others = open.filter((each) => isOther(account, each))
      return others.map((each) => ({ ...atEnvironment('dispute', each), ...asked(each) }))
    },
    asked: (account) =>
      disputes
        .list(account)
        .filter(own(account))
        .map((each) => {
          return { ...atEnvironment('dispute', each), ...became(each, states[each.state]) }
        }),
  }
}

function ofDeclarations({ declarations }: InboxSubjects): InboxSource {
  const place = ({ id, institution }: { id: string; institution: string }) => {
    const path = `/institutions/${institution}/declarations#${id}`
    return { kind: 'declaration', id, institution, path } as const
  }
  return {
    waits: (account) => {
      const open = declarations.list(account, { state: 'open' })
      return open
        .filter((each) => reviews(account, each))
        .map((each) => ({ ...place(each), ...asked(each), due: each.expiresAt }))
    },
    asked: (account) =>
      declarations
        .list(account)
        .filter(own(account))
        .map((each) => {
          return { ...place(each), ...became(each, states[each.state]) }
        }),
  }
}

function ofRoadmaps({ roadmap }: InboxSubjects): InboxSource {
  type Listed = ListedExemption | ListedBaseline
  const place = (each: Listed) => {
    const kind: InboxKind = 'workload' in each ? 'exemption' : 'baseline'
    const { institution } = each
    const path = `/institutions/${institution}/migration/roadmap#${kind}s`
    const label = 'workload' in each ? { label: each.workload } : {}
    return { kind, id: `${institution}/${each.id}`, institution, path, ...label }
  }
  const all = async (account: Account): Promise<Listed[]> => [
    ...(await roadmap.baselines(account)),
    ...(await roadmap.exemptions(account)),
  ]
  return {
    waits: async (account) => {
      const open = (await all(account)).filter(({ state }) => state === 'open')
      return open
        .filter((each) => decidesRoadmap(account, each))
        .map((each) => ({ ...place(each), ...asked(each) }))
    },
    asked: async (account) => {
      const mine = (await all(account)).filter(own(account))
      return mine.map((each) => ({ ...place(each), ...became(each, states[each.state]) }))
    },
  }
}

function ofCycles({ cycles, now }: InboxSubjects): InboxSource {
  const place = (cycle: string, revision: number) => ({
    kind: revision === 0 ? ('freeze' as const) : ('revision' as const),
    id: `${cycle}/${revision}`,
    institution: null,
    label: cycle,
    path: `/cycles#c${cycle}`,
  })
  return {
    waits: async (account) => {
      if (!may(account, 'cycles.decide')) return []
      return (await cycles.list()).flatMap(({ id, state, proposal, freezableFrom }): Waiting[] => {
        if (proposal) {
          if (!isOther(account, proposal)) return []
          return [{ ...place(id, proposal.revision), ...asked(proposal) }]
        }
        const isDue = state === 'open' && freezableFrom <= now() && proposesCycles(account)
        return isDue ? [{ ...place(id, 0), since: freezableFrom, by: null }] : []
      })
    },
    asked: async (account) =>
      (await cycles.list()).flatMap(({ id, proposal, revisions }) =>
        [...(proposal ? [proposal] : []), ...revisions].filter(own(account)).map((act) => {
          return { ...place(id, act.revision), ...became(act, stateOf(act)) }
        }),
      ),
  }
}

function ofHeld({ views }: InboxSubjects): InboxSource {
  return {
    waits: (account) => {
      const held = proposesCycles(account) ? views.snapshot()?.held : undefined
      if (!held) return []
      const what = { kind: 'held', id: 'held', institution: null, path: '/cycles#held' } as const
      return [{ ...what, since: held.since, by: null }]
    },
  }
}

function ofModels({ models }: InboxSubjects): InboxSource {
  const place = ({ model }: ModelAct) => {
    const label = `${model.id} ${model.version}`
    const path = `/models/${modelKey(model)}`
    return { kind: 'model' as const, id: label, institution: null, label, path }
  }
  return {
    waits: (account) => {
      if (!may(account, 'models.decide')) return []
      const open = models.list().filter((act) => !act.decision && isOther(account, act))
      return open.map((act) => ({ ...place(act), ...asked(act) }))
    },
    asked: (account) => {
      const mine = models.list().filter(own(account))
      return mine.map((act) => ({ ...place(act), ...became(act, stateOf(act)) }))
    },
  }
}

function ofPolicy({ policy }: InboxSubjects): InboxSource {
  const place = ({ id, changes }: ListedPolicyChange) => ({
    ...{ kind: 'policy' as const, id, institution: null, path: `/policy/proposals#${id}` },
    label: changes.map(({ name }) => name).join(' '),
  })
  return {
    waits: async (account) => {
      if (!may(account, 'policy.decide')) return []
      const open = (await policy.list()).filter(({ state }) => state === 'open')
      return open
        .filter((each) => isOther(account, each))
        .map((each) => ({ ...place(each), ...asked(each) }))
    },
    asked: async (account) => {
      const mine = (await policy.list()).filter(own(account))
      return mine.map((each) => ({ ...place(each), ...became(each, states[each.state]) }))
    },
  }
}

/** Those that wait for approval, and those that were shut out until somebody looks at them. */
function ofAgents({ roster, identities }: InboxSubjects): InboxSource {
  const kinds = { pending: 'pending-agent', quarantined: 'quarantined-agent' } as const
  return {
    waits: (account) => {
      return [...roster.rows()].flatMap(({ agent: row, contact }): Waiting[] => {
        const { agent, institution, environment, name, status, enrolledAt } = row
        if (status !== 'pending' && status !== 'quarantined') return []
        if (!may(account, 'agents.manage', institution)) return []
        // What was asked for about it waits for somebody else.
        if (identities.openRelease(agent)) return []
        const path = `/institutions/${institution}/agents#${agent}`
        const place = { kind: kinds[status], id: agent, institution, environment, path }
        // Of a quarantined one: since its evidence counts no more.
        const since = (status === 'quarantined' && contact?.lastBatchAt) || enrolledAt
        return [{ ...place, label: name, since, by: null }]
      })
    },
  }
}

function ofReleases(subjects: InboxSubjects): InboxSource {
  const place = ({ agent, institution, environment, name: label }: ListedRelease) => {
    const path = `/institutions/${institution}/agents#${agent}`
    return { kind: 'release', id: agent, institution, environment, path, label } as const
  }
  return {
    waits: (account) => {
      if (!may(account, 'releases.decide')) return []
      return listReleases(subjects, account)
        .filter((each) => each.state === 'open' && isOther(account, each))
        .map((each) => ({ ...place(each), ...asked(each) }))
    },
    asked: (account) => {
      const mine = listReleases(subjects, account).filter(own(account))
      return mine.map((each) => ({ ...place(each), ...became(each, states[each.state]) }))
    },
  }
}

function atEnvironment(
  kind: 'maintenance' | 'dispute',
  { id, institution, environment }: Place & { readonly id: string },
) {
  const path = `/institutions/${institution}/environments/${environment}#${id}`
  return { kind, id, institution, environment, path }
}
