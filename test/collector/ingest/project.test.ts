import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Dating } from '../../../collector/ingest/clock.ts'
import { project, type StreamState } from '../../../collector/ingest/project.ts'
import type { AgentRow, CheckRecord, SpanRow } from '../../../collector/store/store.ts'
import type { Batch, CheckDefinition, Run } from '../../../protocol/batch.ts'
import type { State } from '../../../protocol/check.ts'
import { definitionsHash } from '../../../protocol/definitions.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { writeSpans } from '../../support/span-table.ts'
import { spans, strip } from '../../support/strips.ts'

const agent: AgentRow = {
  agent: 'a-1',
  institution: 'moh',
  environment: 'portal',
  name: 'web-1',
  enrolledAt: 0,
  status: 'active',
  kid: '',
  publicKey: '',
}
const definitions: CheckDefinition[] = [{ check: 'web', kind: 'http', intervalMs: minuteMs }]
const dated: Dating = { timeClass: 'A', offsetMs: 0, anchoredAt: 0 }
const undated: Dating = { timeClass: 'C', offsetMs: 0, anchoredAt: null }

/** A collector's memory of one agent and its table of spans, fed batch by batch. */
class Stream {
  #state: StreamState = { agent, definitions: [], checks: new Map() }
  readonly #rows = new Map<number, SpanRow>()
  readonly #boot: string

  constructor(boot = 'b1') {
    this.#boot = boot
  }

  /** Takes a strip of minutes from `start` on; an empty one goes on as before through `start`. */
  take(text: string, start: number, dating = dated, boot = this.#boot): this {
    const runs = spans(text, start).map(
      (span): Run => ({ check: 'web', count: 1, ...span, ...reasonOf(span.state) }),
    )
    const end = (start + text.length) * minuteMs
    const steady = text === '' ? [end] : [null]
    const batch = {
      ...empty(boot, end),
      runs,
      steady: { ...empty(boot, end).steady, through: steady },
    }
    const projection = project(this.#state, batch, dating, () => 1)
    const { checks, grown } = projection
    const names = [...checks, ...grown].map((check): [string, CheckRecord] => ['web', check])
    this.#state = {
      agent,
      definitions: projection.definitions,
      checks: new Map([...this.#state.checks, ...names]),
    }
    writeSpans(this.#rows, projection)
    return this
  }

  /** What the table says, minute by minute; the running sums are checked on the way. */
  get strip(): string {
    const sums = { up: 0, degraded: 0, down: 0 }
    const parts: { from: number; to: number; state: State }[] = []
    let at = 0
    for (const row of [...this.#rows.values()].sort((a, b) => a.from - b.from)) {
      expect(row).toMatchObject({ upMs: sums.up, degradedMs: sums.degraded, downMs: sums.down })
      expect(row.from).toBeGreaterThanOrEqual(at)
      if (row.from > at) parts.push({ from: at, to: row.from, state: 'unknown' })
      parts.push(row)
      sums[row.state] += row.to - row.from
      at = row.to
    }
    return strip(parts)
  }

  get rows(): number {
    return this.#rows.size
  }
}

function reasonOf(state: State) {
  return state === 'down' ? { reason: 'refused' as const } : {}
}

function empty(boot: string, end: number): Batch {
  const steady = { checks: definitionsHash(definitions), through: [null], counts: [0] }
  const sealed = { wall: end, boot: end }
  return {
    v: 1,
    agent: 'a-1',
    epoch: 1,
    seq: 1,
    prev: '',
    boot,
    sealed,
    window: { from: 0, to: end },
    runs: [],
    steady,
    facts: [],
    pauses: [],
    checks: definitions,
  }
}

test.each<[string, (stream: Stream) => Stream, string, number]>([
  ['one batch', (s) => s.take('UUDDU', 0), 'UUDDU', 3],
  [
    'the same state in the next batch is the same span',
    (s) => s.take('UU', 0).take('UUU', 2),
    'UUUUU',
    1,
  ],
  ['steady makes the last span longer', (s) => s.take('UUD', 0).take('', 6), 'UUDDDD', 2],
  ['unknown has no row', (s) => s.take('UU..U', 0), 'UU..U', 2],
  ['steady unknown stays unknown', (s) => s.take('U.', 0).take('', 5).take('U', 5), 'U....U', 2],
  ['a hole between batches is unknown', (s) => s.take('UU', 0).take('U', 4), 'UU..U', 2],
  [
    'a new boot starts where it starts',
    (s) => s.take('UU', 0).take('UU', 4, dated, 'b2'),
    'UU..UU',
    2,
  ],
  [
    'what cannot be dated is unknown',
    (s) => s.take('UU', 0).take('DD', 2, undated).take('U', 4),
    'UU..U',
    2,
  ],
  [
    'steady after it goes on with the state it had',
    (s) => s.take('UU', 0).take('DD', 2, undated).take('', 6),
    'UU..DD',
    2,
  ],
])('project: %s', (_name, feed, expected, rows) => {
  const stream = feed(new Stream())
  expect(stream.strip).toBe(expected)
  expect(stream.rows).toBe(rows)
})

test('wherever a history is cut into batches, the timeline is the same', () => {
  const letters = fc.array(fc.constantFrom('U', 'G', 'D', '.'), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(letters, fc.array(fc.nat(30), { maxLength: 6 }), (history, places) => {
      const text = history.join('')
      const cuts = [...new Set([0, ...places.filter((at) => at < text.length), text.length])]
      const stream = new Stream()
      cuts.sort((a, b) => a - b)
      cuts.slice(1).forEach((to, i) => {
        stream.take(text.slice(cuts[i], to), cuts[i]!)
      })
      expect(stream.strip).toBe(text.replace(/\.+$/, ''))
    }),
  )
})
