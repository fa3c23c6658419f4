import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addPause, type Fold, type Look, newFold, observe } from '../../agent/fold.ts'
import { type Body, forgetSealed, seal } from '../../agent/seal.ts'
import { numberOfRuns } from '../support/number-of-runs.ts'
import { type ReadRun, readBatches } from '../support/read-batches.ts'

const definitions = [
  { check: 'fast', kind: 'http', intervalMs: 5_000 },
  { check: 'slow', kind: 'http', intervalMs: 60_000 },
] as const
type Name = (typeof definitions)[number]['check']

type Step =
  | { readonly kind: 'look'; readonly check: Name; readonly look: Look }
  | { readonly kind: 'pause'; readonly from: number; readonly to: number }

const seen = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ state: 'up' } as const) },
  fc.constant({ state: 'degraded', reason: 'space_low' } as const),
  fc.constant({ state: 'down', reason: 'timeout' } as const),
  fc.constant({ state: 'down', reason: 'refused' } as const),
)
const delay = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(2_500, 5_000, 7_500, 12_500, 15_000) },
  fc.integer({ min: 1, max: 200_000 }),
)

/** What may happen to an agent within one boot, in order of time. */
const history = fc
  .array(fc.record({ delay, check: fc.constantFrom('fast', 'slow', null), seen }), {
    maxLength: 120,
  })
  .map((events) => {
    let at = 0
    return events.map(({ delay, check, seen }): Step => {
      const from = at
      at += delay
      return check === null
        ? { kind: 'pause', from, to: at }
        : { kind: 'look', check: check as Name, look: { ...seen, at } }
    })
  })

const at = (ms: number, seen: Omit<Look, 'at'>): Step => {
  return { kind: 'look', check: 'slow', look: { ...seen, at: ms } }
}
/** Found once: the pause was forgotten at the seal though a stretch began with the doubt before it. */
const sealedPauseBeforeDoubt: [Step[], string[]] = [
  [
    at(2_500, { state: 'degraded', reason: 'space_low' }),
    { kind: 'pause', from: 2_500, to: 55_258 },
    at(62_758, { state: 'down', reason: 'timeout' }),
    at(92_501, { state: 'up' }),
  ],
  ['none', 'full'],
]

/** Where to seal: after a step, never, or spelling everything out. */
const cuts = fc.array(fc.constantFrom<string>('none', 'none', 'seal', 'full', 'again'), {
  maxLength: 120,
})

function take(fold: Fold, step: Step): Fold {
  if (step.kind === 'look') return observe(fold, step.check, step.look)
  return addPause(fold, { from: step.from, to: step.to, why: 'agent_stopped' })
}

/** What a reader of the batches knows in the end. */
function tell(steps: readonly Step[], cuts: readonly string[]): Map<string, ReadRun[]> {
  let fold = newFold('b007-0001', definitions, 0)
  const bodies: Body[] = []
  let at = 0
  const sealNow = (from: Fold) => {
    const sealed = seal(from, { wall: 0, boot: at }, false)
    bodies.push(...sealed.bodies)
    fold = sealed.fold
  }
  steps.forEach((step, index) => {
    at = step.kind === 'look' ? step.look.at : step.to
    // What a restart does: the fold goes through the disk as JSON.
    fold = JSON.parse(JSON.stringify(take(fold, step)))
    const cut = cuts[index] ?? 'none'
    if (cut !== 'none') sealNow(cut === 'full' ? forgetSealed(fold) : fold)
    if (cut === 'again') sealNow(fold)
  })
  sealNow(fold)
  return readBatches(bodies)
}

function looksAt(steps: readonly Step[], name: string): Look[] {
  return steps.flatMap((step) => (step.kind === 'look' && step.check === name ? [step.look] : []))
}

test('where batches are cut changes nothing, and runs leave no hole and never overlap', () => {
  fc.assert(
    fc.property(history, cuts, (steps, cuts) => {
      expect(tell(steps, cuts)).toEqual(tell(steps, []))
    }),
    { numRuns: numberOfRuns(1_000), examples: [sealedPauseBeforeDoubt] },
  )
})

test('a check is known from its first look that counts to its last, and no further', () => {
  fc.assert(
    fc.property(history, (steps) => {
      for (const [name, runs] of tell(steps, [])) {
        const instants = looksAt(steps, name).map(({ at }) => at)
        expect(instants).toContain(runs[0]?.from)
        for (const { to } of runs) expect(instants).toContain(to)
      }
    }),
  )
})

test('unknown never becomes up: where nobody looked for too long, nothing is known', () => {
  fc.assert(
    fc.property(history, cuts, (steps, cuts) => {
      const timelines = tell(steps, cuts)
      for (const { check, intervalMs } of definitions) {
        const looks = looksAt(steps, check)
        for (const [index, before] of looks.entries()) {
          const after = looks[index + 1]
          if (!after || after.at - before.at <= 2.5 * intervalMs) continue
          const known = (timelines.get(check) ?? []).filter(({ state }) => state !== 'unknown')
          expect(known.some(({ from, to }) => from < after.at && to > before.at)).toBe(false)
        }
      }
    }),
    { numRuns: numberOfRuns(1_000) },
  )
})

test('up is only told where up was seen; an outage begins with two looks that failed', () => {
  fc.assert(
    fc.property(history, (steps) => {
      for (const [name, runs] of tell(steps, [])) {
        const looks = looksAt(steps, name)
        for (const [run, { state, from }] of runs.entries()) {
          const index = looks.findIndex(({ at }) => at === from)
          const [look, next] = looks.slice(index)
          if (state === 'up') expect(look?.state).toBe('up')
          if (state === 'down' && runs[run - 1]?.state !== 'down') {
            expect([look?.state, next?.state]).toContain('down')
            expect([look?.state, next?.state]).not.toContain('up')
          }
        }
      }
    }),
  )
})
