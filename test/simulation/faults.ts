import fc from 'fast-check'
import { dayMs, hourMs, minuteMs, secondMs } from '../../protocol/time.ts'

/** A page of a file that is not what was written. */
export type Damage = {
  readonly fate: 'damaged'
  readonly page: number
  readonly how: 'flip' | 'zero' | 'cut'
}

/** How a spool's file is found after a crash: as it was, not at all, or with a page damaged. */
export type SpoolFate = { readonly fate: 'kept' } | { readonly fate: 'lost' } | Damage

/** One thing that goes wrong. `at` counts from the start of the run; host null is all of them. */
export type Fault = { readonly at: number; readonly forMs: number } & (
  | {
      readonly kind: 'network'
      readonly host: number | null
      /** Share of messages, 0 to 1, that never arrive, … whose answer does not, … arrive twice. */
      readonly loss: number
      readonly replyLoss: number
      readonly twice: number
      /** … that arrive once more, minutes later. */
      readonly late: number
      readonly delayMs: number
    }
  | { readonly kind: 'refused'; readonly host: number | null }
  | { readonly kind: 'crash'; readonly host: number; readonly spool: SpoolFate }
  | { readonly kind: 'stop'; readonly host: number }
  | { readonly kind: 'reboot'; readonly host: number; readonly wallErrorMs: number }
  | { readonly kind: 'suspend'; readonly host: number }
  | { readonly kind: 'wall'; readonly host: number; readonly byMs: number }
  | { readonly kind: 'disk'; readonly host: number }
  /** No probe can look: that is no failure of what it would have looked at. */
  | { readonly kind: 'probes'; readonly host: number }
  /** `points` is how many more moments of danger the collector survives. */
  | { readonly kind: 'centre'; readonly points: number }
)

/** A run of the world: all that happens follows from this. */
export type Scenario = {
  readonly seed: number
  readonly hosts: number
  readonly lastsMs: number
  /** How much goes wrong in the nation by itself. */
  readonly outageFactor: number
  readonly faults: readonly Fault[]
  /** Whether the nation's witnesses look as well, as hosts after all others. */
  readonly isWitnessed?: boolean
}

const share = fc.constantFrom(0, 0.05, 0.2, 0.5)
const wallErrorMs = fc.constantFrom(-hourMs, -5 * minuteMs, 0, 1_500, 90_000, hourMs, 240 * hourMs)
const spool = fc.oneof(
  { weight: 3, arbitrary: fc.constant<SpoolFate>({ fate: 'kept' }) },
  { weight: 1, arbitrary: fc.constant<SpoolFate>({ fate: 'lost' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      fate: fc.constant('damaged' as const),
      page: fc.nat(12),
      how: fc.constantFrom('flip' as const, 'zero' as const, 'cut' as const),
    }),
  },
)

/** Faults of every kind, spread over a run. */
export function anyFault(lastsMs: number, hosts: number): fc.Arbitrary<Fault> {
  const at = fc.nat(lastsMs)
  const host = fc.nat(hosts - 1)
  const some = fc.option(host, { nil: null })
  const forMs = (maxMs: number) => fc.integer({ min: secondMs, max: maxMs })
  const of = <K extends Fault['kind'], T extends object>(kind: K, maxMs: number, more: T) =>
    fc.record({ kind: fc.constant(kind), at, forMs: forMs(maxMs), ...more })
  return fc.oneof(
    of('network', hourMs, {
      ...{ host: some, loss: share, replyLoss: share, twice: share, late: share },
      delayMs: fc.constantFrom(0, 2_000, 12_000, 25_000),
    }),
    of('refused', hourMs, { host: some }),
    of('crash', 20 * minuteMs, { host, spool }),
    of('stop', 10 * minuteMs, { host }),
    of('reboot', 20 * minuteMs, { host, wallErrorMs }),
    of('suspend', 40 * minuteMs, { host }),
    of('wall', minuteMs, { host, byMs: wallErrorMs }),
    of('disk', 30 * minuteMs, { host }),
    of('probes', 20 * minuteMs, { host }),
    of('centre', 20 * minuteMs, { points: fc.nat(8) }),
  ) as fc.Arbitrary<Fault> // each record is one kind of fault
}

/**
 * Faults that only tell together: a clock ten days ahead while messages wait, which makes none of
 * them old; a spool lost while messages of it are still under way.
 */
function anyPlot(lastsMs: number, hosts: number): fc.Arbitrary<Fault[]> {
  const when = { at: fc.nat(lastsMs - hourMs), host: fc.nat(hosts - 1) }
  const cutOff = fc.record(when).map(({ at, host }): Fault[] => [
    { kind: 'refused', host, at, forMs: 50 * minuteMs },
    { kind: 'reboot', host, at: at + 25 * minuteMs, forMs: minuteMs, wallErrorMs: 240 * hourMs },
  ])
  const underWay = fc.record(when).map(({ at, host }): Fault[] => [
    {
      ...{ kind: 'network', host, at, forMs: 20 * minuteMs },
      ...{ loss: 0.2, replyLoss: 0.2, twice: 0, late: 0.5, delayMs: 0 },
    },
    { kind: 'crash', host, at: at + 10 * minuteMs, forMs: minuteMs, spool: { fate: 'lost' } },
  ])
  return fc.oneof(cutOff, underWay)
}

const hosts = 3
const lastsMs = 2 * hourMs

/** Runs of two hours with up to twelve faults or plots; some end with a sleep of a week. */
export function anyScenario(): fc.Arbitrary<Scenario> {
  const faults = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: anyFault(lastsMs, hosts).map((fault) => [fault]) },
      { weight: 1, arbitrary: anyPlot(lastsMs, hosts) },
    ),
    { maxLength: 12, size: 'max' },
  )
  const awake = fc.record({
    seed: fc.nat(1_000_000),
    hosts: fc.constant(hosts),
    lastsMs: fc.constant(lastsMs),
    outageFactor: fc.constantFrom(0, 100, 300),
    faults: faults.map((each) => each.flat()),
  })
  return fc.oneof(
    { weight: 7, arbitrary: awake },
    { weight: 1, arbitrary: awake.map((scenario) => withSleep(scenario)) },
  )
}

const sleepMs = 7 * dayMs + hourMs

/**
 * The scenario with a week's sleep of all hosts behind it, and the collector away meanwhile: what
 * waited since before is too old then. Nothing wakes anybody before.
 */
export function withSleep(scenario: Scenario): Scenario {
  const at = scenario.lastsMs
  const away = { at: at - 5 * minuteMs, forMs: sleepMs }
  const before = scenario.faults.map((fault) => {
    const forMs = Math.max(0, Math.min(fault.forMs, away.at - minuteMs - fault.at))
    return { ...fault, forMs }
  })
  const asleep = Array.from({ length: scenario.hosts }, (_, host): Fault => {
    return { kind: 'suspend', at, forMs: sleepMs, host }
  })
  const faults: Fault[] = [
    ...before.filter(({ forMs }) => forMs > 0),
    { kind: 'refused', host: null, at: at - 40 * minuteMs, forMs: sleepMs + 50 * minuteMs },
    { kind: 'centre', ...away, points: 0 },
    ...asleep,
  ]
  return { ...scenario, lastsMs: at + sleepMs + 20 * minuteMs, outageFactor: 0, faults }
}
