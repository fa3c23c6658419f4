import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { aptUpdates } from './apt.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'

const indicators = ['updates.security_oldest_days', 'updates.security_pending'] as const

/** Older lists do not say what is pending today. */
const listsMsMax = 7 * dayMs
/**
 * What was pending when the agent looked first is of an age that nobody recorded. So long nothing
 * is said of the oldest; after that "at least since then" is what counts. The readiness model
 * lowers its score from 14 days on.
 */
const settlingMs = 14 * dayMs
/** Updates of which it is remembered when they were seen first. */
const rememberedMax = 800

/** Security updates that wait to be installed. */
export const updatesFact: FactProbe = {
  indicators,
  measure: async (host) => (await viaApt(host)) ?? (await viaDnf(host)),
}

async function viaApt(host: FactHost): Promise<Reading[] | null> {
  const updates = aptUpdates(host)
  if (updates === null) return null
  if (updates === 'no_source') {
    return missing('apt', 'not_known', 'no security suite is among the package lists')
  }
  const { pending, listsAt } = updates
  if (host.now - listsAt > listsMsMax) return staleLists('apt', listsAt)
  const ages = agesOf(pending, host)
  const count = counted('apt', pending.length, `package lists of ${dayText(listsAt)}`)
  const oldest = { indicator: indicators[0], method: 'apt' } as const
  if (pending.length === 0) return [{ ...oldest, value: 0 }, count]
  const { firstAt, isFirstLook, lookingMs } = ages
  if (isFirstLook && lookingMs < settlingMs) {
    const detail = `pending since ${dayText(firstAt)} or before, when this agent first looked`
    return [{ ...oldest, value: null, missing: 'too_early', detail }, count]
  }
  const value = Math.floor((host.now - firstAt) / dayMs)
  const before = isFirstLook ? ' or before' : ''
  return [{ ...oldest, value, detail: `seen pending since ${dayText(firstAt)}${before}` }, count]
}

/** When the updates that are pending now were seen first; remembered for the next run. */
function agesOf(pending: readonly string[], { kept, now }: FactHost) {
  const { since = now, seen = {} } = rememberedIn(kept.get('updates'))
  const times = pending.map((name): [string, EpochMs] => {
    const at = Object.hasOwn(seen, name) ? seen[name]! : now
    // A clock that was set back must not make an update younger than nothing.
    return [name, Math.min(at, now)]
  })
  times.sort(([, a], [, b]) => a - b)
  kept.set('updates', { since, seen: Object.fromEntries(times.slice(0, rememberedMax)) })
  const firstAt = times[0]?.[1] ?? now
  return { firstAt, isFirstLook: firstAt <= since, lookingMs: now - since }
}

function rememberedIn(kept: unknown): { since?: EpochMs; seen?: Record<string, EpochMs> } {
  const { since, seen } = (kept ?? {}) as { since?: unknown; seen?: unknown }
  if (typeof since !== 'number' || typeof seen !== 'object' || seen === null) return {}
  return { since, seen: seen as Record<string, EpochMs> } // written by this same file
}

/** Where dnf, or yum before it, keeps what it last heard. */
const dnfStamps = [
  '/var/cache/dnf/last_makecache',
  '/var/cache/dnf/expired_repos.json',
  '/var/cache/dnf',
  '/var/cache/libdnf5',
  '/var/cache/yum',
]

/** The advisories of the cached metadata: they carry the day they were issued. */
async function viaDnf(host: FactHost): Promise<Reading[]> {
  const tool = host.has('/usr/bin/dnf') || host.has('/usr/bin/dnf5') ? 'dnf' : 'yum'
  if (!host.has(`/usr/bin/${tool}`)) throw new Missing('no_tool', 'package-manager')
  const listsAt = Math.max(...dnfStamps.map((path) => host.modified(path) ?? 0))
  if (host.now - listsAt > listsMsMax) return staleLists(tool, listsAt)
  const security = tool === 'yum' ? ['security'] : ['--security']
  const args = ['-q', '-C', 'updateinfo', 'info', ...security]
  const said = await host.ask({ file: tool, args })
  if (!said) throw new Missing('timed_out', tool)
  if (said.status !== 0) throw new Missing('unreadable', tool)
  const advisories = advisoriesIn(said.stdout)
  const count = counted(tool, advisories.size, `advisories; metadata of ${dayText(listsAt)}`)
  const oldest = { indicator: indicators[0], method: tool } as const
  const times = [...advisories.values()].filter((at) => !Number.isNaN(at))
  if (times.length < advisories.size) {
    const detail = 'an advisory does not say when it was issued'
    return [{ ...oldest, value: null, missing: 'not_known', detail }, count]
  }
  if (times.length === 0) return [{ ...oldest, value: 0 }, count]
  const first = Math.min(...times)
  const value = Math.max(0, Math.floor((host.now - first) / dayMs))
  return [{ ...oldest, value, detail: `issued on ${dayText(first)}` }, count]
}

/** Advisories and when they were issued, as dnf 4 (`Update ID`) and 5 (`Name`) print them. */
function advisoriesIn(text: string): Map<string, EpochMs> {
  const advisories = new Map<string, EpochMs>()
  let current: string | null = null
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^\s*(Update ID|Name|Issued|Updated)\s*:\s*(\S+)/.exec(line) ?? []
    if (name === 'Update ID' || name === 'Name') {
      current = value
      advisories.set(current, Number.NaN)
    } else if (name && current !== null) {
      const at = Date.parse(`${value.slice(0, 10)}T00:00:00Z`)
      const before = advisories.get(current) ?? Number.NaN
      // An advisory that was changed later is as old as when it was issued.
      advisories.set(current, Number.isNaN(before) ? at : Math.min(before, at))
    }
  }
  return advisories
}

function counted(method: string, value: number, detail: string): Reading {
  return { indicator: indicators[1], value, method, detail }
}

function staleLists(method: string, listsAt: EpochMs): Reading[] {
  const since = listsAt === 0 ? 'there are no package lists' : `lists of ${dayText(listsAt)}`
  return missing(method, 'not_known', `${since}: nothing newer is known of updates`)
}

function missing(method: string, reason: 'not_known', detail: string): Reading[] {
  return indicators.map((indicator) => ({
    ...{ indicator, value: null, method, missing: reason, detail },
  }))
}

function dayText(at: EpochMs): string {
  return new Date(at).toISOString().slice(0, 10)
}
