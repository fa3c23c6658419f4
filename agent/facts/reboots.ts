import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'
import { type BootRecord, bootRecords } from './wtmp.ts'

const indicator = 'host.unplanned_reboots'
/** Half a year, as the readiness model counts. */
const windowMs = 183 * dayMs
/** Records of less time say too little. */
const shortestMs = 7 * dayMs
const tailBytes = 4 * 1024 * 1024
const rememberedMax = 200

/** Starts of the system before which it had not shut down, in the last half year. */
export const rebootsFact: FactProbe = {
  indicators: [indicator],
  measure: async (host) => {
    const told = fromWtmp(host) ?? (await fromJournal(host))
    return [counted(told, host)]
  },
}

/** What is known of starts: since when, and which were not announced. */
type Told = {
  readonly method: string
  readonly since: EpochMs
  readonly unplanned: readonly EpochMs[]
}

function fromWtmp(host: FactHost): Told | null {
  const parts = ['/var/log/wtmp.1', '/var/log/wtmp'].flatMap((path) => {
    const tail = host.tail(path, tailBytes)
    return (tail && bootRecords(tail)) ?? []
  })
  const first = parts[0]
  return first ? { method: 'wtmp', since: first.at, unplanned: unplannedIn(parts) } : null
}

/** Of the first start nobody knows what came before it. */
function unplannedIn(records: readonly BootRecord[]): EpochMs[] {
  return records.flatMap(({ kind, at }, i) => {
    return kind === 'boot' && records[i - 1]?.kind === 'boot' ? [at] : []
  })
}

/** The journal's own message that it stops: SD_MESSAGE_JOURNAL_STOP of systemd. */
const journalStop = 'MESSAGE_ID=d93fb3c9c24d451a97cea615ce59c00b'
/** A journal that stopped this long before its boot's last entry was only started anew. */
const stopMs = 60_000

/** A boot whose journal ends without saying that it stops was cut off. */
async function fromJournal(host: FactHost): Promise<Told> {
  if (host.list('/var/log/journal').length === 0) throw new Missing('no_tool', 'wtmp')
  const [boots, stops] = await Promise.all([
    host.ask({ file: 'journalctl', args: ['-q', '--list-boots', '-o', 'json'] }),
    host.ask({ file: 'journalctl', args: ['-q', '-o', 'json', '--no-pager', journalStop] }),
  ])
  if (!boots || !stops) throw new Missing('no_tool', 'journal')
  const all = bootsIn(boots.stdout)
  if (!all) throw new Missing('not_supported', 'journal')
  const [first] = all
  if (!first) throw new Missing('no_permission', 'journal', 'membership of group systemd-journal')
  const stopped = stopsIn(stops.stdout)
  const unplanned = all.slice(1).flatMap(({ first }, i) => {
    const before = all[i]!
    const isClean = (stopped.get(before.id) ?? 0) >= before.last - stopMs
    return isClean ? [] : [first]
  })
  return { method: 'journal', since: first.first, unplanned }
}

type JournalBoot = { readonly id: string; readonly first: EpochMs; readonly last: EpochMs }

/** The boots of `journalctl --list-boots -o json`; null where it prints a table, as before 254. */
function bootsIn(text: string): JournalBoot[] | null {
  try {
    const boots: unknown = JSON.parse(text.trim() || '[]')
    if (!Array.isArray(boots)) return null
    return boots.map(({ boot_id, first_entry, last_entry }) => ({
      id: String(boot_id),
      first: Math.floor(Number(first_entry) / 1_000),
      last: Math.floor(Number(last_entry) / 1_000),
    }))
  } catch {
    return null
  }
}

/** When the journal last said in each boot that it stops. */
function stopsIn(text: string): Map<string, EpochMs> {
  const entries = text.split('\n').flatMap((line): [string, EpochMs][] => {
    try {
      const { _BOOT_ID, __REALTIME_TIMESTAMP } = JSON.parse(line)
      return [[String(_BOOT_ID), Number(__REALTIME_TIMESTAMP) / 1_000]]
    } catch {
      return [] // an empty line
    }
  })
  return new Map(entries)
}

/** Logs are rotated away: what was counted before is remembered. */
function counted({ method, since, unplanned }: Told, { kept, now }: FactHost): Reading {
  const before = rememberedIn(kept.get('reboots'))
  const from = Math.max(now - windowMs, Math.min(since, before.since))
  const all = [...new Set([...before.at.filter((at) => at < since), ...unplanned])]
  const counting = all.filter((at) => at >= from && at <= now).slice(-rememberedMax)
  kept.set('reboots', { since: from, at: counting })
  const detail = `since ${new Date(from).toISOString().slice(0, 10)}`
  if (now - from < shortestMs)
    return { indicator, value: null, missing: 'too_early', method, detail }
  return { indicator, value: counting.length, method, detail }
}

function rememberedIn(kept: unknown): { since: EpochMs; at: readonly EpochMs[] } {
  const { since, at } = (kept ?? {}) as { since?: unknown; at?: unknown }
  const times = Array.isArray(at) ? at.filter((each) => typeof each === 'number') : []
  return { since: typeof since === 'number' ? since : Number.POSITIVE_INFINITY, at: times }
}
