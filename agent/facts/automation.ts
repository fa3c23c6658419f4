import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'

const indicator = 'automation.managed'
/** A host that was not brought in line for longer is not managed. */
const recentMs = 35 * dayMs

/** What a tool changes at each of its runs, and where it is when it is installed at all. */
const tools: Readonly<Record<string, { installed: readonly string[]; runs: readonly string[] }>> = {
  puppet: {
    installed: ['/opt/puppetlabs/puppet', '/etc/puppetlabs', '/etc/puppet'],
    runs: [
      '/opt/puppetlabs/puppet/public/last_run_summary.yaml',
      '/opt/puppetlabs/puppet/cache/state/last_run_summary.yaml',
      '/var/cache/puppet/state/last_run_summary.yaml',
      '/var/lib/puppet/state/last_run_summary.yaml',
    ],
  },
  chef: {
    installed: ['/etc/chef', '/etc/cinc'],
    runs: ['/var/chef/cache', '/var/cinc/cache', '/var/log/chef/client.log'],
  },
  salt: {
    installed: ['/etc/salt/minion'],
    runs: ['/var/cache/salt/minion/highstate.cache.p', '/var/cache/salt/minion/sls.p'],
  },
  cfengine: {
    installed: ['/var/cfengine'],
    runs: ['/var/cfengine/outputs', '/var/cfengine/promise_summary.log'],
  },
  // Leaves nothing by itself: its local facts, or the log of ansible-pull, show that it comes.
  ansible: {
    installed: ['/etc/ansible/facts.d', '/etc/ansible/ansible.cfg'],
    runs: ['/etc/ansible/facts.d', '/var/log/ansible-pull.log', '/var/log/ansible.log'],
  },
}

/** Whether a tool keeps this host as it should be, by the traces that its last run left. */
export const automationFact: FactProbe = {
  indicators: [indicator],
  measure: async (host) => [managed(host)],
}

function managed(host: FactHost): Reading {
  const found = Object.entries(tools).filter(([, { installed, runs }]) => {
    return [...installed, ...runs].some((path) => host.has(path))
  })
  const runs = found.map(([tool, { runs }]) => ({ tool, ...lastRun(host, runs) }))
  const [newest] = runs.sort((a, b) => b.at - a.at)
  const reading = { indicator, method: 'files' } as const
  if (!newest) return { ...reading, value: false, detail: 'no trace of a management tool' }
  const { tool, at, hidden } = newest
  const value = at !== 0 && host.now - at <= recentMs
  if (!value && hidden) throw hidden
  const when =
    at === 0 ? 'no run is recorded' : `last run ${new Date(at).toISOString().slice(0, 10)}`
  return { ...reading, value, detail: `${tool}: ${when}` }
}

/** When one of these was last changed, 0 for never; and what may not be looked at. */
function lastRun(host: FactHost, paths: readonly string[]) {
  let at: EpochMs = 0
  let hidden: Missing | null = null
  for (const path of paths) {
    try {
      at = Math.max(at, newestIn(host, path))
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      hidden = error
    }
  }
  return { at, hidden }
}

/** Of a folder the newest of what lies in it: its own time tells only of what came and went. */
function newestIn(host: FactHost, path: string): EpochMs {
  const own = host.modified(path)
  if (own === null) return 0
  return Math.max(own, ...host.list(path).map((name) => host.modified(`${path}/${name}`) ?? 0))
}
