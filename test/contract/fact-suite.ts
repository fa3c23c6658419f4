import { describe, expect, test } from 'vitest'
import {
  type FactReader,
  factDaysMax,
  factPlace,
  platformDaysMax,
} from '../../collector/store/facts.ts'
import type { Admitted, AgentRow, EnvironmentKey, FactRow } from '../../collector/store/store.ts'
import { dayMs, dayOf, hourMs, minuteMs } from '../../protocol/time.ts'
import { agent, at, batch } from './store-records.ts'

/** What facts are written to: a store, or what leaves are folded into. */
export type FactEngine = {
  readonly name: string
  open(folder: string): Promise<OpenedFacts>
}

export type OpenedFacts = {
  readonly reader: FactReader
  /** Stores messages of agents that are enrolled, in one commit. */
  add(messages: readonly Admitted[]): Promise<void>
  /** Enrols an agent that takes the name of `agent`, which is revoked first. */
  succeed(successor: AgentRow): Promise<void>
  close(): Promise<void>
}

/** What every engine must do with facts. The agent of store-records.ts is enrolled. */
export function factSuite(
  engine: FactEngine,
  newFolder: () => Disposable & { path: string },
): void {
  describe(`facts on ${engine.name}`, () => {
    const today = dayOf(at)

    async function opened(work: (facts: OpenedFacts) => Promise<void>): Promise<void> {
      using folder = newFolder()
      const facts = await engine.open(folder.path)
      try {
        await work(facts)
      } finally {
        await facts.close()
      }
    }

    const definitions = (['http', 'link', 'disk'] as const).map((kind) => {
      return { check: kind, kind, intervalMs: minuteMs }
    })
    const nothing = { method: null, missing: null, detail: null }
    const fact = (indicator: string, toldAt: number, value: FactRow['value']): FactRow => {
      return { indicator, at: toldAt, value, ...nothing }
    }
    const histogram = (value: number, bucket: number) => {
      return { n: 1, min: value, max: value, last: value, buckets: [[bucket, 1]] }
    }
    /** A message that arrived a minute after its newest fact was measured. */
    const telling = (seq: number, facts: FactRow[], by: AgentRow = agent): Admitted => {
      const { evidence, ...rest } = batch(seq, 5)
      const received = Math.max(...facts.map((each) => each.at)) + minuteMs
      const message = { ...evidence!.message, received }
      const cursor = { ...evidence!.cursor, definitions }
      return { ...rest, agent: by, evidence: { ...evidence!, message, cursor, facts } }
    }
    const told = async (rows: Promise<{ indicator: string; value: unknown; agent: string }[]>) =>
      (await rows).map(({ agent: id, indicator, value }) => `${id} ${indicator} ${value}`)

    test('the newest of each indicator is told live, and of the days that ended as of then', () =>
      opened(async ({ reader, add }) => {
        await add([
          telling(1, [fact('os.name', today + hourMs, 'a'), fact('disk.healthy', today, true)]),
          telling(2, [fact('os.name', today + 3 * hourMs, 'b')]),
          // Told later, of earlier: it is not the newest of its day.
          telling(3, [fact('os.name', today + 2 * hourMs, 'c')]),
          telling(4, [
            fact('os.name', today + dayMs, 'd'),
            fact('check.http', at, histogram(1, 0)),
          ]),
        ])
        expect(await told(reader.facts(agent))).toEqual(['a-1 disk.healthy true', 'a-1 os.name d'])
        expect(await told(reader.factsAt(agent, today + dayMs - 1))).toEqual([])
        const first = ['a-1 disk.healthy true', 'a-1 os.name b']
        expect(await told(reader.factsAt(agent, today + dayMs))).toEqual(first)
        expect(await told(reader.factsAt(agent, today + 2 * dayMs))).toEqual([
          'a-1 disk.healthy true',
          'a-1 os.name d',
        ])
        expect(await reader.facts({ ...agent, environment: 'mail' })).toEqual([])
      }))

    test('a fact keeps how it was had, why it was not, and when', () =>
      opened(async ({ reader, add }) => {
        const rows: FactRow[] = [
          { ...fact('disk.healthy', at, null), missing: 'no_permission', method: 'smart' },
          { ...fact('os.name', at + 1, 'Debian 12'), detail: 'حتى ٢٠٢٨', method: 'os-release' },
        ]
        await add([telling(1, rows)])
        const expected = rows.map((row) => ({ agent: 'a-1', ...row }))
        expect(await reader.facts(agent)).toEqual(expected)
        expect(await reader.factsAt(agent, today + dayMs)).toEqual(expected)
      }))

    test('indicators are told by day, those asked for alone, of the days that lie whole within', () =>
      opened(async ({ reader, add, succeed }) => {
        const day = (index: number) => today + index * dayMs
        const later = { ...agent, agent: 'a-2', kid: 'k2', publicKey: 'p2' }
        const unknown = { ...fact('platform.cloud', day(1), null), missing: 'not_known' }
        await add([
          telling(1, [
            fact('platform.cloud', day(0) + hourMs, 'first'),
            fact('platform.cloud', day(0) + 2 * hourMs, 'cloud'),
            fact('os.name', day(0), 'a'),
            fact('disk.healthy', day(0), true),
          ]),
          telling(2, [unknown, fact('check.http', day(1), histogram(1, 0))]),
          telling(3, [fact('platform.cloud', day(3), 'none')]),
        ])
        const asked = ['platform.cloud', 'os.name', 'check.http', 'ghost']
        const over = async (from: number, to: number, key: EnvironmentKey = agent) =>
          (await reader.factDays(key, asked, { from, to })).map((row) => {
            return [row.agent, (row.day - today) / dayMs, row.indicator, row.value, row.missing]
          })
        const all = [
          ['a-1', 0, 'os.name', 'a', null],
          ['a-1', 0, 'platform.cloud', 'cloud', null],
          ['a-1', 1, 'platform.cloud', null, 'not_known'],
          ['a-1', 3, 'platform.cloud', 'none', null],
        ]
        expect(await over(day(-1), day(9))).toEqual(all)
        expect(await over(day(0), day(4))).toEqual(all)
        expect(await over(day(0) + 1, day(4) - 1)).toEqual([all[2]])
        expect(await over(day(1), day(2))).toEqual([all[2]])
        expect(await over(day(0) + 1, day(1))).toEqual([])
        expect(await over(day(4), day(0))).toEqual([])
        expect(await over(day(0), day(4), { ...agent, environment: 'mail' })).toEqual([])
        expect(await reader.factDays(agent, [], { from: day(0), to: day(4) })).toEqual([])
        await succeed(later)
        await add([telling(4, [fact('platform.cloud', day(4), 'cloud')], later)])
        const passed = all.map(([, ...rest]) => ['a-2', ...rest])
        expect(await over(day(0), day(5))).toEqual([
          ...passed,
          ['a-2', 4, 'platform.cloud', 'cloud', null],
        ])
      }))

    test('times of checks and their parts are merged over whole days', () =>
      opened(async ({ reader, add }) => {
        await add([
          telling(1, [
            fact('check.http', today, histogram(1, 0)),
            fact('check.link.loss', today, histogram(0, -200)),
            // Takes no time, and no check of its own.
            fact('check.disk', today, histogram(0.5, -4)),
            fact('check.gone', today, histogram(1, 0)),
          ]),
          telling(2, [fact('check.http', today + hourMs, histogram(4, 8))]),
          telling(3, [fact('check.http', today + dayMs, histogram(2, 4))]),
        ])
        const over = async (from: number, to: number) =>
          (await reader.valuesOver(agent, { from, to })).map(({ histogram: h, ...row }) => {
            return [row.agent, row.check, row.part, h.n, h.min, h.max, JSON.stringify(h.buckets)]
          })
        const loss = ['a-1', 'link', 'loss', 1, 0, 0, '[[-200,1]]']
        expect(await over(today, today + dayMs)).toEqual([
          ['a-1', 'http', null, 2, 1, 4, '[[0,1],[8,1]]'],
          loss,
        ])
        expect(await over(today, today + 2 * dayMs)).toEqual([
          ['a-1', 'http', null, 3, 1, 4, '[[0,1],[4,1],[8,1]]'],
          loss,
        ])
        // No day lies whole in these.
        expect(await over(today + 1, today + 2 * dayMs - 1)).toEqual([])
      }))

    test('100 days of an agent are kept, by its own newest day, however they arrive', () =>
      opened(async ({ reader, add }) => {
        const day = (index: number) => today + index * dayMs
        const rows = (index: number) => [
          fact('os.name', day(index), `day ${index}`),
          fact('check.http', day(index), histogram(1, index % 9)),
        ]
        const messages = Array.from({ length: factDaysMax + 2 }, (_, i) => telling(i + 1, rows(i)))
        await add(messages.slice(0, factDaysMax))
        expect(await told(reader.factsAt(agent, day(1)))).toEqual(['a-1 os.name day 0'])
        await add(messages.slice(factDaysMax))
        // Told again, and too old by now.
        await add([telling(factDaysMax + 3, rows(0))])
        expect(await told(reader.factsAt(agent, day(2)))).toEqual([])
        expect(await told(reader.factsAt(agent, day(3)))).toEqual(['a-1 os.name day 2'])
        const [all] = await reader.valuesOver(agent, { from: day(-9), to: day(999) })
        expect(all?.histogram.n).toBe(factDaysMax)
      }))

    test('of where a host runs 160 days are kept, however they arrive', () =>
      opened(async ({ reader, add }) => {
        const day = (index: number) => today + index * dayMs
        const rows = (index: number) => [
          fact('os.name', day(index), 'Debian'),
          fact('platform.cloud', day(index), 'none'),
        ]
        await add(Array.from({ length: 170 }, (_, i) => telling(i + 1, rows(i))))
        await add([telling(171, rows(9)), telling(172, rows(10))])
        const window = { from: day(0), to: day(171) }
        const kept = await reader.factDays(agent, ['os.name', 'platform.cloud'], window)
        const first = (name: string) => kept.find(({ indicator }) => indicator === name)?.day
        expect(first('platform.cloud')).toBe(day(170 - platformDaysMax))
        expect(first('os.name')).toBe(day(170 - factDaysMax))
        expect(kept.length).toBe(platformDaysMax + factDaysMax)
      }))

    test('marks rise with what may be another answer, of that environment alone', () =>
      opened(async ({ reader, add, succeed }) => {
        const place = factPlace(agent)
        const marks = async () => {
          const [facts, values] = [await reader.factMarks(), await reader.valueMarks()]
          expect([...facts.keys(), ...values.keys()].every((key) => key === place)).toBe(true)
          return [facts.get(place) ?? 0, values.get(place) ?? 0]
        }
        const rises = async (work: () => Promise<void>) => {
          const before = await marks()
          await work()
          return (await marks()).map((mark, i) => mark > before[i]!)
        }
        await add([telling(1, [fact('os.name', at, 'a')])])
        const same = await rises(async () => {
          const { evidence, ...rest } = batch(2, 5)
          await add([{ ...rest, evidence: { ...evidence!, facts: [] } }])
        })
        expect(same).toEqual([false, false])
        expect((await rises(() => add([telling(3, [fact('os.name', at, 'a')])])))[0]).toBe(true)
        const late = telling(4, [fact('check.http', today, histogram(1, 0))])
        const message = { ...late.evidence!.message, received: today + dayMs }
        const over = await rises(() => add([{ ...late, evidence: { ...late.evidence!, message } }]))
        expect(over[1]).toBe(true)
        const successor = { ...agent, agent: 'a-2', kid: 'k2', publicKey: 'p2' }
        expect(await rises(() => succeed(successor))).toEqual([true, true])
      }))

    test('whoever follows a revoked agent has its facts, of all days', () =>
      opened(async ({ reader, add, succeed }) => {
        const successor = { ...agent, agent: 'a-2', kid: 'k2', publicKey: 'p2' }
        const values = fact('check.http', at, histogram(1, 0))
        await add([telling(1, [fact('os.name', at, 'a'), values])])
        await succeed(successor)
        await add([telling(2, [fact('os.name', at + dayMs, 'b')], successor)])
        expect(await told(reader.facts(agent))).toEqual(['a-2 os.name b'])
        expect(await told(reader.factsAt(agent, today + dayMs))).toEqual(['a-2 os.name a'])
        const week = { from: today, to: today + 7 * dayMs }
        expect((await reader.valuesOver(agent, week)).map((row) => row.agent)).toEqual(['a-2'])
      }))
  })
}
