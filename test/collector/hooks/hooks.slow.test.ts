import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { eventTypes } from '../../../collector/hooks/event.ts'
import { HookStore, hookStoreLimits } from '../../../collector/hooks/hook-store.ts'
import { type FailedAttempt, Hooks, retryLimits } from '../../../collector/hooks/hooks.ts'
import type { Hook } from '../../../collector/hooks/hooks-file.ts'
import { openSend, type Send } from '../../../collector/hooks/send.ts'
import type { Snapshot } from '../../../collector/kpi/snapshot.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../../../protocol/time.ts'
import { FakeTime } from '../../support/fake-time.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { openReceiver } from '../../support/hook-receiver.ts'
import { oneInstitution } from '../../support/one-institution.ts'

const key = Buffer.alloc(32, 7)
/** A deadline for what hangs, on a busy machine too. */
const patience = { timeout: 60_000 }
const afterMs = { environment: 0, agent: 5 * minuteMs, publish: 0 }

type Setting = {
  readonly file: string
  readonly time: FakeTime
  readonly hooks: readonly (Partial<Hook> & { url: string })[]
  readonly send?: Send
}

/** Hooks on a real file, that send over real sockets, with a clock that a test moves. */
function open({ file, time, hooks, send = openSend(20_000) }: Setting) {
  const failures: FailedAttempt[] = []
  const errors: unknown[] = []
  const all = hooks.map(
    (hook, i): Hook => ({
      ...{ id: `hook-${i}`, keys: [key], events: eventTypes, institutions: null, language: 'en' },
      ...hook,
    }),
  )
  const opened = new Hooks({
    settings: { hooks: all, afterMs },
    store: new HookStore(file),
    now: time.clock.wall,
    timer: time.timer,
    cycleUse: async () => new Map(),
    random: () => 1,
    send,
    onFailure: (failure) => failures.push(failure),
    onError: (error) => errors.push(error),
  })
  return { hooks: opened, failures, errors, log: () => opened.deliveries({ limit: 1_000 }) }
}

/** A snapshot in which portal is down, or up, since the clock's now. */
function portal(state: 'up' | 'down', time: FakeTime): Snapshot {
  return oneInstitution({ environment: { state, since: time.wallMs }, agents: [] })
}

const typesOf = (bodies: readonly { body: string }[]) =>
  bodies.map(({ body }) => {
    const { type, status } = JSON.parse(body) as { type: string; status: string }
    return `${type} ${status}`
  })

/** Waits until deliveries stand so. */
async function settled(log: () => readonly { state: string }[], ...states: string[]) {
  await expect.poll(() => log().map(({ state }) => state), patience).toEqual(states)
}

test('each event arrives once, signed, in order', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  await using receiver = await openReceiver([key], time.clock.wall)
  const { url } = receiver
  const { hooks, failures, errors, log } = open({
    file: folder.file('h.db'),
    time,
    hooks: [{ url }],
  })
  for (const state of ['down', 'down', 'up', 'up'] as const)
    hooks.observe(portal(state, time), new Map())
  await receiver.until(2)
  await settled(log, 'delivered', 'delivered')
  expect(typesOf(receiver.received)).toEqual(['environment_down began', 'environment_down ended'])
  expect(receiver.received.map(({ verified }) => verified)).toEqual([1, 1])
  expect(receiver.inFlightMax()).toBe(1)
  for (const { id, body, headers } of receiver.received) {
    expect(JSON.parse(body).id).toBe(id)
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
  }
  await hooks.close()
  expect([failures, errors]).toEqual([[], []])
})

test('an outage, faults and slowness: the same bytes again, later and later, until taken', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  await using receiver = await openReceiver([key], time.clock.wall)
  const { url, replies } = receiver
  replies.push(
    500,
    503,
    (response) => response.destroy(),
    302,
    429,
    404,
    () => {},
  )
  // All but the last answer at once, so only that one needs so long.
  const send = openSend(5_000)
  const file = folder.file('h.db')
  const { hooks, failures, log } = open({ file, time, hooks: [{ url }], send })
  hooks.observe(portal('down', time), new Map())
  const waits: number[] = []
  for (let i = 0; i < 7; i++) waits.push(await time.jump())
  await receiver.until(8)
  await settled(log, 'delivered')
  expect(waits.map((ms) => ms / secondMs)).toEqual([5, 10, 20, 40, 80, 160, 320])
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
  expect(receiver.received.map(({ verified }) => verified)).toEqual(Array(8).fill(1))
  expect(failures.map(({ problem }) => problem)).toEqual([
    ...['status_500', 'status_503', 'ECONNRESET', 'status_302', 'status_429', 'status_404'],
    'timeout',
  ])
  expect(hooks.figures()).toEqual([
    {
      ...{ hook: 'hook-0', waiting: 0, oldestWaitingMs: 0 },
      outcomes: { delivered: 1, failed: 7, refused: 0, given_up: 0, dropped: 0 },
    },
  ])
  expect(log()[0]).toMatchObject({ attempts: 8, status: 204, problem: null })
  await hooks.close()
})

test('a receiver that says when to come back is believed, up to a limit', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  await using receiver = await openReceiver([key], time.clock.wall)
  const { url, replies } = receiver
  for (const after of ['60', '999999', 'tomorrow']) {
    replies.push((response) => response.writeHead(503, { 'retry-after': after }).end())
  }
  const { hooks } = open({ file: folder.file('h.db'), time, hooks: [{ url }] })
  hooks.observe(portal('down', time), new Map())
  const waits = [await time.jump(), await time.jump(), await time.jump()]
  expect(waits).toEqual([minuteMs, 15 * minuteMs, 20 * secondMs])
  await receiver.until(4)
  await hooks.close()
})

test('what is refused for good makes room, what is not taken for a day is given up', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  await using receiver = await openReceiver([key], time.clock.wall)
  const { url, replies } = receiver
  replies.push(422)
  const { hooks, log } = open({ file: folder.file('h.db'), time, hooks: [{ url }] })
  hooks.observe(portal('down', time), new Map())
  hooks.observe(portal('up', time), new Map())
  await receiver.until(2)
  await settled(log, 'delivered', 'refused')
  time.pass(1)
  replies.push(...Array(200).fill(500))
  hooks.observe(portal('down', time), new Map())
  const startedAt = time.wallMs
  let longestMs = 0
  while (time.wallMs - startedAt < dayMs) longestMs = Math.max(longestMs, await time.jump())
  await settled(log, 'given_up', 'delivered', 'refused')
  expect(longestMs).toBe(retryLimits.backoffMsMax)
  await hooks.close()
})

test('a restart with pending ones: nothing is lost, nothing is told twice', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  const file = folder.file('h.db')
  const nowhere = 'http://127.0.0.1:9/'
  const first = open({ file, time, hooks: [{ url: nowhere }] })
  first.hooks.observe(portal('down', time), new Map())
  await time.untilNext()
  await first.hooks.close()
  expect(first.failures[0]).toMatchObject({ state: 'waiting', problem: 'ECONNREFUSED' })
  time.pass(hourMs)
  await using receiver = await openReceiver([key], time.clock.wall)
  const second = open({ file, time, hooks: [{ url: receiver.url }] })
  second.hooks.observe(portal('down', time), new Map())
  await settled(second.log, 'delivered')
  second.hooks.observe(portal('up', time), new Map())
  await settled(second.log, 'delivered', 'delivered')
  expect(typesOf(receiver.received)).toEqual(['environment_down began', 'environment_down ended'])
  await second.hooks.close()
})

test('what was in flight at the end is sent again after the start, under the same id', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  const file = folder.file('h.db')
  await using receiver = await openReceiver([key], time.clock.wall)
  const { url, replies } = receiver
  replies.push(() => {})
  const first = open({ file, time, hooks: [{ url }], send: openSend(60_000) })
  first.hooks.observe(portal('down', time), new Map())
  await receiver.until(1)
  await first.hooks.close()
  const second = open({ file, time, hooks: [{ url }] })
  await settled(second.log, 'delivered')
  const [a, b] = receiver.received
  expect([b!.id, b!.body]).toEqual([a!.id, a!.body])
  await second.hooks.close()
})

test('a receiver that hangs keeps no other one waiting; who wants what', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  await using slow = await openReceiver([key], time.clock.wall)
  await using health = await openReceiver([Buffer.alloc(32, 9), key], time.clock.wall)
  await using roads = await openReceiver([key], time.clock.wall)
  await using national = await openReceiver([key], time.clock.wall)
  slow.replies.push(() => {})
  const { hooks, log } = open({
    ...{ file: folder.file('h.db'), time, send: openSend(60_000) },
    hooks: [
      { url: slow.url },
      { url: health.url, institutions: ['health'], keys: [Buffer.alloc(32, 9), key] },
      { url: roads.url, institutions: ['roads'] },
      { url: national.url, events: ['publish_held'], language: 'ar' },
    ],
  })
  hooks.observe(portal('down', time), new Map())
  hooks.observe({ ...portal('down', time), held: { since: time.wallMs, jumps: [] } }, new Map())
  await Promise.all([slow.until(1), health.until(1), national.until(1)])
  const taken = () => log().filter(({ state }) => state === 'delivered').length
  await expect.poll(taken, patience).toBe(2)
  expect(typesOf(health.received)).toEqual(['environment_down began'])
  expect(health.received[0]!.verified).toBe(2)
  expect(typesOf(national.received)).toEqual(['publish_held began'])
  expect(JSON.parse(national.received[0]!.body).text).toMatch(/تغيرت الأرقام/)
  expect(roads.received).toEqual([])
  await hooks.close()
})

test('the queue of a hook that is away is bounded, and a hook that is gone has none', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  const file = folder.file('h.db')
  const first = open({ file, time, hooks: [{ url: 'http://127.0.0.1:9/' }] })
  const many = hookStoreLimits.waitingMax / 2 + 20
  for (let i = 0; i < many; i++) {
    for (const state of ['down', 'up'] as const) {
      time.pass(1)
      first.hooks.observe(portal(state, time), new Map())
    }
  }
  const { counts } = first.hooks.list()[0]!
  expect(counts).toMatchObject({ waiting: hookStoreLimits.waitingMax, dropped: 40 })
  const oldest = first.hooks.deliveries({ limit: 1, before: 41 })[0]!
  expect(oldest).toMatchObject({ number: 40, state: 'dropped', problem: 'queue_full' })
  await first.hooks.close()
  const second = open({ file, time, hooks: [{ url: 'http://127.0.0.1:9/', id: 'other' }] })
  expect(second.hooks.deliveries({ state: 'waiting', limit: 1 })).toEqual([])
  expect(second.hooks.deliveries({ limit: 1 })[0]).toMatchObject({ problem: 'hook_removed' })
  time.pass(hookStoreLimits.keptMs + 1)
  second.hooks.observe(portal('down', time), new Map())
  expect(second.hooks.deliveries({ limit: 1_000 }).length).toBe(1)
  await second.hooks.close()
})

test('what cannot be noted on disk is told by a later snapshot', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  const file = folder.file('h.db')
  await using receiver = await openReceiver([key], time.clock.wall)
  const { hooks, errors, log } = open({ file, time, hooks: [{ url: receiver.url }] })
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  hooks.observe(portal('down', time), new Map())
  expect(errors.map(String)).toEqual([expect.stringContaining('database is locked')])
  other.exec('COMMIT')
  other.close()
  hooks.observe(portal('down', time), new Map())
  await settled(log, 'delivered')
  expect(typesOf(receiver.received)).toEqual(['environment_down began'])
  await hooks.close()
})

test('a trial is answered at once and is in no queue', async () => {
  using folder = temporaryFolder()
  const time = new FakeTime()
  await using receiver = await openReceiver([key], time.clock.wall)
  const { url, replies } = receiver
  replies.push(200, 401)
  const { hooks, log } = open({ file: folder.file('h.db'), time, hooks: [{ url }] })
  expect(await hooks.test('hook-0')).toMatchObject({ status: 200, problem: null })
  expect(await hooks.test('hook-0')).toMatchObject({ status: 401, problem: 'status_401' })
  await expect(hooks.test('nobody')).rejects.toThrow('There is no such hook.')
  expect(receiver.received[0]).toMatchObject({ verified: 1 })
  expect(typesOf(receiver.received)).toEqual(['test began', 'test began'])
  expect(log()).toEqual([])
  expect(JSON.stringify(hooks.list())).not.toContain('secret-path')
  await hooks.close()
})

test("a name that leads to a cloud's metadata service is never asked; answers are bounded", async () => {
  const send = openSend(20_000)
  const { signal } = new AbortController()
  const refused = await send('http://169.254.169.254/latest', '{}', {}, signal)
  expect(refused).toMatchObject({ status: null, problem: 'ERR_IP_BLOCKED' })
  const flood = createServer((_request, response) => response.end(Buffer.alloc(1024 * 1024)))
  flood.listen(0, '127.0.0.1')
  await once(flood, 'listening')
  const { port } = flood.address() as AddressInfo
  const answer = await send(`http://127.0.0.1:${port}/`, '{}', {}, signal)
  expect(answer).toMatchObject({ status: null, problem: 'ERR_BAD_RESPONSE' })
  flood.closeAllConnections()
  flood.close()
})
