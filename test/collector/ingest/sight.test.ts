import { expect, test } from 'vitest'
import type { Dating } from '../../../collector/ingest/clock.ts'
import { sightOf } from '../../../collector/ingest/sight.ts'
import type { CheckRecord } from '../../../collector/store/store.ts'
import type { Batch, Fact, Pause } from '../../../protocol/batch.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { check as stored } from '../../contract/store-records.ts'

const bootAt = Date.parse('2026-11-21T22:00:00Z')
const anchored: Dating = { timeClass: 'A', offsetMs: bootAt, anchoredAt: bootAt }

/** A check that was decided through an hour of its boot. */
const record: CheckRecord = {
  ...stored,
  boot: 'b1',
  throughBoot: hourMs,
  through: bootAt + hourMs,
}

type Said = { boot?: string; facts?: Fact[]; pauses?: Pause[]; window?: [number, number] }

function sight(said: Said, dating = anchored, records: readonly CheckRecord[] = [record]) {
  const [from, to] = said.window ?? [hourMs, 2 * hourMs]
  const batch: Batch = {
    ...{ v: 1, agent: 'a-1', epoch: 1, seq: 2, prev: '', boot: said.boot ?? 'b1' },
    sealed: { wall: dating.offsetMs + to, boot: to },
    window: { from, to },
    runs: [],
    steady: { checks: '', through: [], counts: [] },
    facts: said.facts ?? [],
    pauses: said.pauses ?? [],
  }
  const checks = new Map(records.map((each, i) => [`c${i}`, each]))
  return sightOf(checks, batch, dating, bootAt + 20 * hourMs)
}

function shutdown(value: Fact['value']): Fact {
  return { indicator: 'host.shutdown', at: 0, value }
}

test('a batch that goes on in its boot tells nothing', () => {
  expect(sight({})).toBeNull()
  // An anchor that was a little less delayed moves all instants a little.
  expect(sight({}, { ...anchored, offsetMs: bootAt - 3_000 })).toBeNull()
})

test.each<[string, Said, readonly CheckRecord[], number | null]>([
  ['another boot', { boot: 'b2' }, [record], bootAt + hourMs],
  ['the first boot that is heard of', {}, [{ ...record, boot: null, since: null }], null],
  ['a boot after a loss', {}, [{ ...record, boot: null }], bootAt + hourMs],
  [
    'a boot of which nothing was dated yet',
    {},
    [{ ...record, through: bootAt - dayMs }],
    bootAt - dayMs,
  ],
  [
    'what is decided last of several checks',
    { boot: 'b2' },
    [
      { ...record, through: bootAt - hourMs },
      record,
      { ...record, since: null, through: bootAt * 2 },
    ],
    bootAt + hourMs,
  ],
])('%s is named, and where the stream was decided before', (_name, said, records, through) => {
  expect(sight(said, anchored, records)).toEqual({
    sight: {
      boots: [
        {
          boot: said.boot ?? 'b1',
          startedAt: bootAt,
          previousThrough: through,
          shutdownAt: null,
        },
      ],
      clockSpans: [],
      pauses: [],
    },
    dirtyDays: [],
  })
})

test.each<[string, Fact['value'], number | null]>([
  ['an instant before the boot', bootAt - 5 * hourMs, bootAt - 5 * hourMs],
  ['the boot itself', bootAt, bootAt],
  ['an instant in the boot', bootAt + 1, null],
  ['years before', bootAt - 401 * dayMs, null],
  ['half a millisecond', bootAt - 0.5, null],
  ['a text', 'yesterday', null],
  ['nothing', null, null],
])('a record of a shutdown: %s', (_name, value, shutdownAt) => {
  const seen = sight({ boot: 'b2', facts: [shutdown(value)] })
  expect(seen?.sight.boots.map((boot) => boot.shutdownAt)).toEqual([shutdownAt])
})

test('a record of a shutdown counts in a later batch of the boot too, and its days are new', () => {
  const seen = sight({ facts: [shutdown(bootAt - 30 * hourMs)] })
  expect(seen?.sight.boots).toMatchObject([{ boot: 'b1', shutdownAt: bootAt - 30 * hourMs }])
  const days = ['2026-11-20', '2026-11-21'].map((day) => Date.parse(day))
  expect(seen?.dirtyDays).toEqual(days)
})

test('pauses are dated; what is no stretch before the seal counts for nothing', () => {
  const why = 'agent_stopped' as const
  const seen = sight({
    pauses: [
      { from: 90 * minuteMs, to: 130 * minuteMs, why },
      { from: 60 * minuteMs, to: 50 * minuteMs, why },
      { from: 3 * hourMs, to: 4 * hourMs, why },
    ],
  })
  expect(seen).toEqual({
    sight: {
      boots: [],
      clockSpans: [],
      pauses: [{ from: bootAt + 90 * minuteMs, to: bootAt + 120 * minuteMs, why }],
    },
    dirtyDays: [Date.parse('2026-11-21')],
  })
})

test.each<[string, Dating, [number, number] | null]>([
  [
    'where its own clock can be right, its window',
    { timeClass: 'C', offsetMs: bootAt + 3 * hourMs, anchoredAt: null },
    [bootAt + 4 * hourMs, bootAt + 5 * hourMs],
  ],
  [
    'a window that begins before what is decided is cut',
    { timeClass: 'C', offsetMs: bootAt - 30 * minuteMs, anchoredAt: null },
    [bootAt + hourMs, bootAt + 90 * minuteMs],
  ],
  [
    'a clock of 1970: all from what is decided to its arrival',
    { timeClass: 'C', offsetMs: 0, anchoredAt: null },
    [bootAt + hourMs, bootAt + 20 * hourMs],
  ],
  [
    'a clock that is days ahead, the same',
    { timeClass: 'C', offsetMs: bootAt + 9 * dayMs, anchoredAt: null },
    [bootAt + hourMs, bootAt + 20 * hourMs],
  ],
  [
    'one that is anchored and yet too late: nothing, its date is known',
    { timeClass: 'C', offsetMs: bootAt - 20 * dayMs, anchoredAt: bootAt - 20 * dayMs },
    null,
  ],
])('a batch that nobody can date: %s', (_name, dating, span) => {
  const seen = sight({ boot: 'b2', pauses: [{ from: 0, to: 9, why: 'suspended' }] }, dating)
  const clockSpans = span ? [{ from: span[0], to: span[1] }] : []
  if (!span) expect(seen).toBeNull()
  else expect(seen?.sight).toEqual({ boots: [], clockSpans, pauses: [] })
})

test('a stream that never told anything is in doubt for eight days at most', () => {
  const dating: Dating = { timeClass: 'C', offsetMs: 0, anchoredAt: null }
  const seen = sight({}, dating, [])
  const received = bootAt + 20 * hourMs
  expect(seen?.sight.clockSpans).toEqual([{ from: received - 8 * dayMs, to: received }])
  expect(seen?.dirtyDays).toHaveLength(9)
})
