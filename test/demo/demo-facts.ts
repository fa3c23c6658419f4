import type { Fact } from '../../protocol/batch.ts'
import type { CheckKind } from '../../protocol/check.ts'
import type { Indicator } from '../../protocol/indicators.ts'
import { dayMs, type EpochMs, hourMs, minuteMs, type Span, secondMs } from '../../protocol/time.ts'
import { randomOf } from '../simulation/random.ts'
import type { HostPlan } from './demo-nation.ts'

type Value = number | boolean | string

/** How often a host tells how it is. */
const everyMs = 6 * hourMs

/**
 * What a host tells of the time it saw: on what machine it is, once for each day of it, and how it
 * is at its end. Nothing where it told lately. Times are epoch milliseconds.
 */
export function factsAt(
  plan: HostPlan,
  seed: number,
  seen: readonly Span[],
  { toldAt, measures }: { readonly toldAt: EpochMs; readonly measures: boolean },
): Fact[] {
  const { to } = seen.at(-1)!
  const told = Math.max(toldAt, seen[0]!.from)
  if (to - toldAt < everyMs) return []
  const { cloud, region, virtualisation } = plan.platform
  const at = to - 1
  const platform = daysBetween(told, at).flatMap((day) => [
    fact('platform.cloud', day, cloud),
    fact('platform.cloud_region', day, region),
    fact('platform.virtualisation', day, virtualisation),
  ])
  if (!measures) return platform
  const rest = Object.entries(valuesOf(plan, seed, to)).map(([indicator, value]) => {
    return fact(indicator, at, value)
  })
  return [...platform, ...rest, ...histograms(plan, seed, at)]
}

/** The end, and noon of each UTC day before it: a host tells each day. */
function daysBetween(from: EpochMs, to: EpochMs): EpochMs[] {
  const found: EpochMs[] = []
  for (let noon = Math.floor(from / dayMs) * dayMs + dayMs / 2; noon < to; noon += dayMs) {
    if (noon > from) found.push(noon)
  }
  return [...found, to]
}

/** How well an institution keeps its hosts, 0 to 1; it gets better by and by. */
export function careOf(institution: string, seed: number, at: EpochMs): number {
  const random = randomOf(seed, `care of ${institution}`)
  const now = 0.35 + 0.65 * random.next() ** 0.6
  const years = (at - Date.UTC(2026, 0)) / (365 * dayMs)
  return Math.min(1, now + 0.05 * Math.sin(years * 2 * Math.PI) * random.next())
}

function valuesOf(
  { institution, environment, name, platform }: HostPlan,
  seed: number,
  at: EpochMs,
): Partial<Record<Indicator, Value>> {
  const random = randomOf(seed, `facts of ${institution}/${environment}/${name}`)
  const care = careOf(institution, seed, at)
  /** Yes as likely as hosts are kept well. */
  const yes = () => random.next() < care
  /** Between the worst and the best by care, with a little chance. */
  const between = (worst: number, best: number) =>
    worst + (best - worst) * Math.min(1, Math.max(0, care + 0.3 * (random.next() - 0.5)))
  const isOwn = platform.cloud === 'none'
  return {
    'agent.version': '0.1.0',
    'automation.managed': yes(),
    'backup.age_seconds': Math.round(between(4 * 86_400, 6 * 3_600)),
    'backup.second_site': yes(),
    'backup.restore_age_days': Math.round(between(500, 40)),
    'clock.offset_seconds': between(2, 0.01),
    'cpu.used_p95_ratio': between(0.97, 0.4),
    'disk.days_to_full': Math.round(between(5, 300)),
    'disk.free_ratio': between(0.02, 0.6),
    ...(isOwn && { 'disk.healthy': random.next() < 0.7 + care * 0.3 }),
    'endpoint_protection.on': yes(),
    'endpoint_protection.signatures_age_days': Math.round(between(30, 1)),
    'firewall.on': yes(),
    'hardening.access_control': yes(),
    'hardening.disk_encrypted': yes(),
    'hardening.secure_boot': yes(),
    'host.unplanned_reboots': Math.round(between(7, 0)),
    'ipv6.reachable_ratio': random.next() < care / 2 ? 1 : 0,
    'dns.dmarc_enforced_ratio': yes() ? 1 : 0,
    'dns.dnssec_signed_ratio': yes() ? 1 : 0,
    'memory.used_p95_ratio': between(0.98, 0.5),
    'os.name': random.pick(['Debian 12', 'Red Hat Enterprise Linux 9', 'Windows Server 2022']),
    'os.support_left_days': Math.round(between(-60, 900)),
    ...(isOwn && { 'platform.age_years': between(9, 2), 'ups.runtime_minutes': between(2, 25) }),
    'tls.days_left': Math.round(between(3, 200)),
    'tls.modern_only': yes(),
    'updates.security_oldest_days': Math.round(between(120, 3)),
    'updates.security_pending': Math.round(between(20, 0)),
  }
}

/** What checks measured, as `check.<name>`: in the unit of the kind, and how much was lost. */
function histograms({ institution, checks }: HostPlan, seed: number, at: EpochMs): Fact[] {
  const care = careOf(institution, seed, at)
  const seconds = 2 * (1 - care) + 0.05
  const values: Partial<Record<CheckKind, number>> = {
    ...{ http: seconds, tcp: seconds / 20, dns: seconds / 30, link: seconds / 15 },
    ...{ tls: (20 + 180 * care) * (dayMs / secondMs), disk: 0.15 + 0.5 * care },
    ...{ memory: 0.85 - 0.4 * care, clock: 0.2 - 0.19 * care },
    backup: (30 - 24 * care) * (hourMs / secondMs),
  }
  return checks.flatMap(({ check, kind }): Fact[] => {
    const value = values[kind]
    if (value === undefined) return []
    const own = histogram(`check.${check}`, at, value)
    if (kind !== 'link') return [own]
    return [own, histogram(`check.${check}.loss`, at, 0.03 * (1 - care) + 0.0002)]
  })
}

/** Twenty looks that all measured about the same. */
function histogram(indicator: string, at: EpochMs, value: number): Fact {
  const index = Math.floor(4 * Math.log2(value))
  const told = { n: 20, min: value, max: value, last: value, buckets: [[index, 20]] }
  return { indicator, at: at - minuteMs, value: told }
}

function fact(indicator: string, at: EpochMs, value: Value): Fact {
  return { indicator, at, value, method: 'simulated' }
}
