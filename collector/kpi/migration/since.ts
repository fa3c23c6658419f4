import { dayMs, dayOf, type EpochMs } from '../../../protocol/time.ts'
import type { HostingPolicy } from './hosting-policy.ts'
import type { MigrationContext, PlatformDay } from './observation.ts'
import { freshDays, type HostDays } from './platform.ts'
import type { MigrationFinding } from './result.ts'

/** Days of facts that observations go back: who told none of them was silent for as many. */
export const observedDays = 100

/** Since when something is so; `mayBeEarlier`: at least that long, no days from before are kept. */
export type Since = Pick<MigrationFinding, 'since' | 'mayBeEarlier'>

/** What days are looked at by: what is asked for is not so before `from`. */
export type SinceWindow = { readonly from: EpochMs; readonly at: EpochMs }

/** The first UTC day of which facts are kept at the reference instant. */
export function keptFrom(at: EpochMs): EpochMs {
  return dayOf(at) - observedDays * dayMs
}

/**
 * Since the first of the days in a row, up to the newest, on which a host told what is meant: of
 * several hosts that of the earliest. A day that tells neither (null) interrupts nothing.
 */
export function sinceInRow(
  hosts: readonly Pick<HostDays, 'days'>[],
  isSo: (told: PlatformDay) => boolean | null,
  window: SinceWindow,
): Since {
  const runs = hosts.flatMap(({ days }) => {
    const answers = days.map((told) => ({ day: told.day, is: isSo(told) }))
    const last = answers.findLastIndex(({ is }) => is === false)
    const first = answers.slice(last + 1).find(({ is }) => is)
    return first ? [{ first: first.day, isBegun: last !== -1 }] : []
  })
  return earliest(runs, window)
}

/**
 * Since the first of the days on which any host told anything, without as many days of silence
 * between them as make a place silent.
 */
export function sinceTelling(
  hosts: readonly HostDays[],
  silenceDays: number,
  window: SinceWindow,
): Since {
  const all = hosts.flatMap(({ days }) => days.map(({ day }) => day))
  const days = [...new Set(all)].filter((day) => day + dayMs > window.from).sort((a, b) => b - a)
  const isAfterSilence = (day: EpochMs, earlier: EpochMs | undefined) =>
    earlier !== undefined && (day - earlier) / dayMs - 1 >= silenceDays
  const index = days.findIndex((day, i) => isAfterSilence(day, days[i + 1]))
  const first = index === -1 ? days.at(-1) : days[index]
  return earliest(first === undefined ? [] : [{ first, isBegun: index !== -1 }], window)
}

/** Since an instant from which on nothing was told, or since the first day that is kept. */
export function sinceSilent({ from, at }: SinceWindow): Since {
  const kept = keptFrom(at)
  return { since: Math.max(from, kept), mayBeEarlier: from < kept }
}

/** Since the policy has said so without a break; 0 where it says nothing. */
export function policySince(
  policies: MigrationContext['policies'],
  isSo: (policy: HostingPolicy) => boolean,
): EpochMs {
  let since: EpochMs | null = null
  for (const { from, to, policy } of policies.toReversed()) {
    if ((since !== null && to !== since) || !isSo(policy)) break
    since = from
  }
  return since ?? 0
}

/** The later of both: what rests on two things is so since both are. */
export function notBefore({ since, mayBeEarlier }: Since, other: EpochMs): Since {
  if (since !== null && since >= other) return { since, mayBeEarlier }
  return { since: other, mayBeEarlier: false }
}

function earliest(
  runs: readonly { readonly first: EpochMs; readonly isBegun: boolean }[],
  { from, at }: SinceWindow,
): Since {
  const run = runs.toSorted((a, b) => a.first - b.first)[0]
  if (!run) return { since: from, mayBeEarlier: false }
  const { first, isBegun } = run
  // Days are whole: what was so on the first of them was so from the beginning.
  if (!isBegun && first - from < dayMs) return { since: from, mayBeEarlier: false }
  return { since: first, mayBeEarlier: !isBegun && from < first && isOldest(first, at) }
}

/** Whether a day is among the oldest that are kept, so that nobody knows of those before. */
export function isOldest(day: EpochMs, at: EpochMs): boolean {
  return day - keptFrom(at) <= freshDays * dayMs
}
