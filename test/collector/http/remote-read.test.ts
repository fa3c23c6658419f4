import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../../collector/app.ts'
import { historyLimits } from '../../../collector/evaluate/history/limits.ts'
import { remoteReadRoutes } from '../../../collector/http/remote-read.ts'
import type { WindowFigures } from '../../../collector/kpi/cycle-figures.ts'
import type { TrendPoint } from '../../../collector/kpi/readiness/trend.ts'
import type { Figure } from '../../../collector/kpi/snapshot.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { type Answered, type Asked, readAnswer, readBody } from '../../support/remote-read.ts'
import { noSessions } from '../../support/sample-sessions.ts'
import { WatchedWeeks, weeksBegin } from '../../support/watched-weeks.ts'

const folder = temporaryFolder()
let weeks: WatchedWeeks

beforeAll(async () => {
  weeks = await new WatchedWeeks(folder.path, 8).live()
  await weeks.collector.closeMonth()
})
afterAll(async () => {
  await weeks.collector.close()
  folder[Symbol.dispose]()
})

const history = [0, 'history', 'evidence'] as const
const low = [
  history,
  [0, '__name__', 'istimrar_continuity_ratio'],
  [0, 'window', '7d'],
  [0, 'bound', 'low'],
] as const

async function send(body: Buffer, headers: Record<string, string> = {}) {
  return weeks.collector.app.inject({
    method: 'POST',
    url: '/api/v1/prom/read',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', ...headers },
    payload: body,
  })
}

async function ask(asked: Asked): Promise<Answered[]> {
  const answer = await send(readBody([asked]))
  expect(answer.statusCode, answer.body).toBe(200)
  expect(answer.headers).toMatchObject({
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
  })
  return readAnswer(answer.rawPayload)[0]!
}

/** As for an instant query. */
function at(instant: EpochMs, matchers: Asked['matchers']): Asked {
  const span = { from: instant - 5 * minuteMs, to: instant }
  return { ...span, matchers, hints: span }
}

async function refusal(asked: Asked) {
  const answer = await send(readBody([asked]))
  return { status: answer.statusCode, ...(answer.json() as { code: string; message: string }) }
}

const middle = weeksBegin + 33 * dayMs

describe('a single instant', () => {
  test('is answered with what the JSON API says of that window', async () => {
    const url = `/api/v1/institutions/health/figures?from=${middle - 7 * dayMs}&to=${middle}`
    const answer = await weeks.collector.ask(url)
    const { institution } = answer.json() as { institution: { continuity: Figure } }
    expect(await ask(at(middle, [...low, [0, 'institution', 'health']]))).toEqual(
      ['environment', 'institution'].map(() => expect.anything()),
    )
    const whole = [...low, [0, 'institution', 'health'], [0, 'scope', 'institution']] as const
    expect(await ask(at(middle, whole))).toEqual([
      {
        labels: {
          __name__: 'istimrar_continuity_ratio',
          bound: 'low',
          history: 'evidence',
          institution: 'health',
          scope: 'institution',
          window: '7d',
        },
        samples: [[middle, institution.continuity.low!.ratio]],
      },
    ])
  })

  test('a frozen cycle is what was frozen, from when it was', async () => {
    const frozen = [history, [0, 'window', '2026-10'], [0, 'scope', 'nation']] as const
    const answer = await weeks.collector.ask('/api/v1/figures?cycle=2026-10')
    const { nation } = answer.json() as WindowFigures
    const found = await ask(at(weeks.clock.at - 11 * minuteMs, frozen))
    expect(found).toEqual([])
    await weeks.pass(30 * minuteMs)
    const now = await ask(at(weeks.clock.at - 11 * minuteMs, frozen))
    const { low, observed, high, coverage } = nation.continuity[nation.headline]
    const values = now.map(({ samples }) => samples[0]![1])
    expect(values.slice(0, 4)).toEqual([low, observed, high, coverage].map((each) => each!.ratio))
  })

  test('labels of the target come back as they were asked for', async () => {
    const asked = [...low, [0, 'scope', 'nation'], [0, 'job', 'istimrar']] as const
    const [series] = await ask(at(middle, asked))
    expect(series?.labels).toMatchObject({ job: 'istimrar', scope: 'nation' })
    expect(await ask(at(middle, [...low, [0, 'cluster', 'north']]))).toEqual([])
  })
})

describe('what months closed with', () => {
  const readiness = [history, [0, '__name__', 'istimrar_readiness_ratio']] as const
  const trend = async (path: string) => {
    const answer = await weeks.collector.ask(`/api/v1${path}/readiness/trend`)
    const { points } = answer.json() as { points: TrendPoint[] }
    return points.filter(({ isOpen }) => !isOpen)
  }

  test.each([
    ['the nation', '', [[0, 'scope', 'nation']]],
    ['an institution', '/institutions/roads', [[0, 'institution', 'roads']]],
  ] as const)('stands from its end: of %s', async (_name, path, scope) => {
    const [first] = await trend(path)
    const { end, index } = first!
    const bounds = ['low', 'observed', 'high'] as const
    const expected = bounds.map((bound) => [
      [end + 3 * minuteMs, index?.[bound] ? Number(`${index[bound]}e-2`) : Number.NaN],
    ])
    const found = await ask(at(end + 3 * minuteMs, [...readiness, ...scope]))
    expect(found.map(({ samples }) => samples)).toEqual(expected)
    expect(await ask(at(end - minuteMs, [...readiness, ...scope]))).toEqual([])
    // Another label, or another bound, has none of it.
    expect(await ask(at(end + hourMs, [...readiness, [0, 'window', '7d']]))).toEqual([])
    const low = await ask(at(end + hourMs, [...readiness, ...scope, [2, 'bound', 'l.*']]))
    expect(low).toHaveLength(1)
  })

  test('has all labels of the scraped gauge, and the one of history', async () => {
    const [{ end, dimensions }] = (await trend('/institutions/health')) as [TrendPoint]
    const name = [0, '__name__', 'istimrar_readiness_dimension_ratio'] as const
    const asked = [history, name, [0, 'institution', 'health']] as const
    const found = await ask(at(end + hourMs, asked))
    expect(found).toHaveLength(2 * Object.keys(dimensions).length)
    expect(Object.keys(found[0]!.labels).sort()).toEqual(
      ['__name__', 'bound', 'dimension', 'history', 'institution', 'scope'].sort(),
    )
  })
})

describe('instants', () => {
  const nation = [...low, [0, 'scope', 'nation']] as const
  const hints = { from: middle - 5 * minuteMs, to: middle + 6 * hourMs }
  const instantsOf = async (asked: Partial<Asked>) => {
    const [series] = await ask({ ...hints, matchers: nation, ...asked })
    return series!.samples.map(([at]) => (at - middle) / minuteMs)
  }

  test.each<[string, Asked['hints'], number[]]>([
    ['a long step: where it is evaluated', { ...hints, stepMs: 2 * hourMs }, [0, 120, 240, 360]],
    [
      'a step off the hours: there, and at multiples of it for subqueries',
      { from: hints.from + 30 * minuteMs, to: hints.to, stepMs: 3 * hourMs },
      [60, 30, 210, 240, 360].sort((a, b) => a - b),
    ],
    [
      'a long range: hours',
      { ...hints, to: middle + 2 * hourMs, rangeMs: dayMs, stepMs: hourMs },
      [0, 60, 120],
    ],
    [
      'a short step: minutes',
      { from: middle, to: middle + 3 * minuteMs, stepMs: 15_000 },
      [0, 1, 2, 3],
    ],
  ])('%s', async (_name, hints, expected) => {
    expect(await instantsOf({ hints: hints! })).toEqual(expected)
  })

  test('begin with the register and end with the figures', async () => {
    const span = { from: 0, to: weeks.clock.at + dayMs }
    const hints = { ...span, rangeMs: dayMs }
    const found = await ask({ ...span, matchers: nation, hints })
    const instants = found[0]!.samples.map(([at]) => at)
    const { asOf } = (await weeks.collector.ask('/api/v1/kpis')).json() as { asOf: EpochMs }
    expect([instants[0], instants.at(-1)]).toEqual([
      weeksBegin + hourMs,
      Math.floor(asOf / hourMs) * hourMs,
    ])
  })
})

describe('which series', () => {
  const bounds = async (...more: Asked['matchers']) => {
    const name = [0, '__name__', 'istimrar_continuity_ratio'] as const
    const nation = [history, name, [0, 'scope', 'nation'], [0, 'window', '24h']] as const
    const found = await ask(at(middle, [...nation, ...more]))
    return found.map(({ labels }) => labels.bound).join(' ')
  }

  test.each<[pattern: string, bounds: string]>([
    ['low|high', 'low high'],
    ['(?:low|observed)', 'low observed'],
    ['l.w', 'low'],
    ['.*', 'low observed high'],
    ['[a-l].*', 'low high'],
    ['[^h]+', 'low observed'],
    ['(l|o|w)*', 'low'],
    ['((((a*)*)*)*)*.+', 'low observed high'],
    ['hi?g?h\\w?', 'high'],
    ['lo', ''],
    ['', ''],
  ])('=~ %s', async (pattern, expected) => {
    expect(await bounds([2, 'bound', pattern])).toBe(expected)
    const others = 'low observed high'.split(' ').filter((each) => !expected.includes(each))
    expect(await bounds([3, 'bound', pattern])).toBe(others.join(' '))
  })

  test('only what has a history', async () => {
    const up = [history, [0, '__name__', 'istimrar_environment_state']] as const
    expect(await ask(at(middle, up))).toEqual([])
    expect(await ask(at(middle, [history, [1, 'history', 'evidence']]))).toEqual([])
    const names = (await ask(at(middle, [history]))).map(({ labels }) => labels.__name__)
    // Of what months closed with: nobody has registered a workload here.
    expect([...new Set(names)].sort()).toEqual(
      [
        ...['coverage_ratio', 'own_fault_ratio', 'ratio'].map((each) => `continuity_${each}`),
        ...['readiness_dimension_ratio', 'readiness_ratio'],
      ].map((each) => `istimrar_${each}`),
    )
  })
})

describe('is refused', () => {
  const good = low
  const span = { from: weeksBegin, to: weeksBegin + 40 * dayMs }

  test.each<[string, Asked, number, RegExp]>([
    ['without the label', { ...span, matchers: low.slice(1) }, 400, /history="evidence"/],
    [
      'with all patterns named that are not understood',
      { ...span, matchers: [...good, [2, 'bound', '(low'], [2, 'scope', 'a{2}']] },
      400,
      /of bound:.*close a group.*of scope:.*counts repetitions/,
    ],
    ['a matcher of no kind', { ...span, matchers: [...good, [7, 'bound', 'low']] }, 400, /type/],
    [
      'more instants than Prometheus evaluates',
      { ...span, matchers: good, hints: { ...span, stepMs: minuteMs } },
      413,
      /at most 11000 instants/,
    ],
    [
      'too many matchers',
      { ...span, matchers: Array.from({ length: 33 }, () => history) },
      413,
      /At most 32 matchers/,
    ],
    [
      'a long text',
      { ...span, matchers: [...good, [0, 'bound', 'x'.repeat(4_001)]] },
      413,
      /At most 4000 bytes/,
    ],
  ])('%s', async (_name, asked, status, message) => {
    const found = await refusal(asked)
    expect(found.status).toBe(status)
    expect(found.message).toMatch(message)
    expect(found.message).not.toContain('xxx')
  })

  test.each<[string, Buffer, Record<string, string>, number]>([
    ['a body that is not compressed', Buffer.from('hello, world'), {}, 400],
    ['a body that says it is huge', Buffer.from('ffffffff7f00', 'hex'), {}, 400],
    ['snappy around something else', Buffer.from('0100ff', 'hex'), {}, 400],
    ['no body', Buffer.alloc(0), {}, 400],
    ['another encoding', readBody([]), { 'content-encoding': 'gzip' }, 415],
    ['another type', readBody([]), { 'content-type': 'application/json' }, 400],
    ['a large body', Buffer.alloc(65 * 1024), {}, 413],
  ])('%s', async (_name, body, headers, status) => {
    const answer = await send(body, headers)
    expect(answer.statusCode, answer.body).toBe(status)
    expect(answer.json()).toHaveProperty('code')
  })

  test('whatever bytes come', async () => {
    const whole = readBody([at(middle, low)])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        async (changes) => {
          const body = Buffer.from(whole)
          for (const [place, byte] of changes) body[place] = byte
          expect([200, 400, 413]).toContain((await send(body)).statusCode)
        },
      ),
      { numRuns: 150 },
    )
  })
})

test.each([
  ['no token', {}, 401],
  ['another token', { authorization: 'Bearer other' }, 401],
  ['the token', { authorization: 'Bearer secret' }, 200],
])('a protected collector, with %s', async (_name, headers, status) => {
  await using app = await buildApp({
    ...{ logger: pino({ level: 'silent' }), version: '0.1.0' },
    guard: { sessions: noSessions, metricsToken: 'secret' },
  })
  const bodies: number[] = []
  const read = async (body: Buffer) => {
    bodies.push(body.length)
    return { body: new Uint8Array(1) }
  }
  await app.register(remoteReadRoutes(read))
  const type = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
  const request = { method: 'POST', url: '/api/v1/prom/read', payload: readBody([]) } as const
  const answer = await app.inject({ ...request, headers: { ...type, ...headers } })
  expect(answer.statusCode).toBe(status)
  expect(bodies).toHaveLength(status === 200 ? 1 : 0)
})

test('only so many wait; whoever is turned away is told when to come back', async () => {
  await using app = await buildApp({
    ...{ logger: pino({ level: 'silent' }), version: '0.1.0' },
    guard: { sessions: noSessions, metricsToken: null },
  })
  const { promise, resolve } = Promise.withResolvers<{ body: Uint8Array<ArrayBuffer> }>()
  await app.register(remoteReadRoutes(() => promise))
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
  const request = { method: 'POST', url: '/api/v1/prom/read', payload: readBody([]) } as const
  const { waitingMax } = historyLimits
  const asked = Array.from({ length: waitingMax + 1 }, () => app.inject({ ...request, headers }))
  const refused = await Promise.race(asked)
  resolve({ body: new Uint8Array(1) })
  const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode)
  expect(refused.headers).toHaveProperty('retry-after')
  expect(statuses.filter((each) => each === 200)).toHaveLength(waitingMax)
  expect(statuses.filter((each) => each === 429)).toHaveLength(1)
})
