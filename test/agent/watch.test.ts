import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { History } from '../../agent/facts/history.ts'
import { type KeptFold, newFold } from '../../agent/fold.ts'
import { signerOf } from '../../agent/identity.ts'
import { Keyring } from '../../agent/keyring.ts'
import type { Log } from '../../agent/log.ts'
import { Outbox } from '../../agent/outbox.ts'
import type { Body } from '../../agent/seal.ts'
import { Spool } from '../../agent/spool.ts'
import { openSpool } from '../../agent/spool-file.ts'
import { Usage } from '../../agent/usage.ts'
import { Watch } from '../../agent/watch.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import type { Observation } from '../../protocol/check.ts'
import { generateKey, messageTypes, noPrevious, privateKey } from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'
import { temporaryFolder } from '../support/agent-folder.ts'
import { FakeTime } from '../support/fake-time.ts'
import { FullDisk } from '../support/full-disk.ts'
import { readBatches } from '../support/read-batches.ts'

const up: Observation = { state: 'up' }
const down: Observation = { state: 'down', reason: 'refused' }
const definition = { check: 'web', kind: 'http', intervalMs: minuteMs } as const

type Options = {
  readonly ageMs?: number
  readonly lost?: boolean
  readonly definitions?: readonly CheckDefinition[]
  readonly usage?: Usage
  readonly seen?: Readonly<Record<string, Observation | Error | Promise<Observation>>>
}

/** A watch over checks whose answers the test gives; batches are read as they were signed. */
function start(options: Options = {}) {
  const { ageMs = limits.youngMs, lost = false, definitions = [definition], seen = {} } = options
  const dir = temporaryFolder()
  const time = new FakeTime()
  openSpool(dir, 0).close()
  const db = new FullDisk(join(dir, 'spool.sqlite'))
  const spool = new Spool(db)
  onTestFinished(() => spool.close())
  const cursor = { epoch: 1, seq: 1, prev: noPrevious, afterLoss: false }
  spool.commit({ states: { cursor: lost ? null : cursor } })
  const batches: (Body & { seq: number; sealedAt: number })[] = []
  const inner = signerOf(privateKey(generateKey().privatePem))
  const signer: typeof inner = {
    kid: inner.kid,
    sign: (typ, content) => {
      if (typ === messageTypes.batch) {
        batches.push({ ...(content as Body & { seq: number }), sealedAt: time.runningMs })
      }
      return inner.sign(typ, content)
    },
  }
  const outbox = new Outbox(spool, new Keyring([signer], null), 'a-1')
  const logged: string[] = []
  const report: Log = (_level, message) => logged.push(message)
  const answers = new Map(Object.entries(seen))
  const looks: number[] = []
  const look = async (check: string) => {
    looks.push(time.runningMs)
    const answer = answers.get(check) ?? up
    if (answer instanceof Error) throw answer
    return answer
  }
  const fold = newFold('b007-0001', definitions, time.bootMs)
  const watch = new Watch({
    ...{ agent: 'a-1', enrolledAt: time.wallMs - ageMs, fold, look, outbox, spool, report },
    ...{ clock: time.clock, timer: time.timer, onSealed: () => {} },
    ...(options.usage && { usage: options.usage }),
  })
  watch.start()
  /** Lets so much time pass, timer by timer. */
  const pass = async (ms: number) => {
    const until = time.runningMs + ms
    // A look ends after the timer that began it: let it end before time goes on.
    await new Promise(setImmediate)
    while (time.runningMs + (await time.untilNext()) <= until) {
      await time.jump()
      await new Promise(setImmediate)
    }
    time.pass(until - time.runningMs)
  }
  const kept = () => spool.state('fold') as KeptFold
  const measured = () => spool.state('facts')
  const history = () => spool.state('history') as History | null
  return { time, db, outbox, batches, logged, answers, looks, watch, pass, kept, measured, history }
}

describe('looking', () => {
  test('at once, again 15 s later, and then in the rhythm of the check', async () => {
    const { looks, pass } = start()
    await pass(5 * minuteMs)
    const [first, second, third = 0, ...others] = looks
    expect([first, second]).toEqual([0, limits.retryMs])
    expect(others.slice(0, 3)).toEqual([1, 2, 3].map((i) => third + i * minuteMs))
  })

  test.each(['icmp', 'plugin'] as const)('%s rests 30 s, also before it confirms', async (kind) => {
    const definitions = [{ ...definition, kind }]
    const { looks, pass, answers } = start({ definitions, seen: { web: down } })
    await pass(3 * minuteMs)
    answers.set('web', up)
    await pass(3 * minuteMs)
    const rests = looks.slice(1).map((at, i) => at - looks[i]!)
    expect(Math.min(...rests)).toBe(30 * secondMs)
  })

  test('a failure is looked at again, and so is a recovery', async () => {
    const { looks, pass, answers, batches } = start()
    await pass(3 * minuteMs)
    const before = looks.length
    answers.set('web', down)
    await pass(minuteMs + limits.retryMs)
    expect(looks.slice(before)).toHaveLength(2)
    expect(looks.at(-1)! - looks.at(-2)!).toBe(limits.retryMs)
    answers.set('web', up)
    await pass(minuteMs + limits.retryMs)
    expect(looks.at(-1)! - looks.at(-2)!).toBe(limits.retryMs)
    await pass(2 * secondMs)
    const states = readBatches(batches)
      .get('web')
      ?.map(({ state }) => state)
    expect(states).toEqual(['up', 'down', 'up'])
  })

  test('a probe that could not look makes no observation', async () => {
    const { pass, kept, logged } = start({ seen: { web: new Error('no file handles') } })
    await pass(3 * minuteMs)
    expect(kept().fold.checks[0]).toMatchObject({ last: null, doubt: null })
    expect(logged).toContain('A check could not be made.')
  })
})

describe('what is remembered of usage', () => {
  const ram = { check: 'ram', kind: 'memory', intervalMs: minuteMs } as const
  const open = () => new Usage({ kept: null, checks: [ram], readVolumes: async () => [] })
  const looksIn = (history: History | null) =>
    Object.values(history?.usage.memory ?? {})
      .flat()
      .reduce((sum, count) => sum + count, 0)

  test('is kept with the fold every ten minutes, and when the agent stops', async () => {
    const seen = { ram: { state: 'up', value: 0.42 } } as const
    const { pass, history, looks, watch } = start({ definitions: [ram], usage: open(), seen })
    await pass(9 * minuteMs)
    const first = looksIn(history())
    expect(first).toBeLessThanOrEqual(2)
    await pass(11 * minuteMs)
    const second = looksIn(history())
    expect(second).toBeGreaterThan(8)
    expect(second).toBeLessThan(looks.length)
    watch.stop()
    expect(looksIn(history())).toBe(looks.length)
  })

  test('waits in memory while the disk is full', async () => {
    const seen = { ram: { state: 'up', value: 0.42 } } as const
    const { pass, history, looks, watch, db } = start({ definitions: [ram], usage: open(), seen })
    db.isFull = true
    await pass(12 * minuteMs)
    expect(history()).toBeNull()
    db.isFull = false
    await pass(2 * minuteMs)
    expect(looksIn(history())).toBeGreaterThan(10)
    watch.stop()
    expect(looksIn(history())).toBe(looks.length)
  })
})

describe('readiness facts', () => {
  const fact = (value: string, at: number) => ({ indicator: 'os.name', at, value, method: 'x' })

  test('leave once, with the next batch; of an indicator only the newest', async () => {
    const { pass, batches, watch, time } = start()
    await pass(20 * minuteMs)
    const before = batches.length
    watch.addFacts([fact('Debian 11', time.bootMs)])
    watch.addFacts([fact('Debian 12', time.bootMs)])
    const at = time.bootMs
    await pass(20 * minuteMs)
    const told = batches
      .slice(before)
      .map(({ facts }) => facts.filter(({ indicator }) => indicator === 'os.name'))
    expect(told.flat()).toEqual([fact('Debian 12', at)])
    expect(told[0]).toHaveLength(1)
    // Values of checks go their own way.
    const all = batches.slice(before).flatMap(({ facts }) => facts)
    expect(all.filter(({ indicator }) => indicator.startsWith('check.'))).toEqual([])
  })

  test('are kept until then, and come too late after the end', async () => {
    const { pass, kept, measured, watch, time } = start()
    await pass(20 * minuteMs)
    watch.addFacts([fact('Debian 12', time.bootMs)])
    await pass(6 * secondMs)
    expect(kept().fold.facts).toMatchObject([{ value: 'Debian 12' }])
    expect(measured()).toEqual({ at: time.wallMs - 6 * secondMs })
    watch.stop()
    watch.addFacts([fact('Debian 13', time.bootMs)])
    expect(kept().fold.facts).toEqual([])
  })
})

describe('sealing', () => {
  test('every ten minutes, and soon after the first look has decided something', async () => {
    const { pass, batches } = start()
    await pass(40 * minuteMs)
    const at = batches.map(({ sealedAt }) => sealedAt)
    expect(at[0]).toBe(limits.retryMs + secondMs)
    expect(at.slice(2).map((each, i) => each - at[i + 1]!)).toEqual(Array(3).fill(limits.sealMs))
  })

  test('every 15 s while the agent is young', async () => {
    const { pass, batches } = start({
      ageMs: 0,
      definitions: [{ ...definition, intervalMs: 5 * secondMs }],
    })
    await pass(2 * minuteMs)
    const at = batches.map(({ sealedAt }) => sealedAt)
    expect(at.slice(2).map((each, i) => each - at[i + 1]!)).toEqual(Array(6).fill(15_000))
  })

  test('a change at once, but not more often than every 10 s', async () => {
    const definitions = ['a', 'b', 'c'].map((check) => {
      return { check, kind: 'http', intervalMs: 5 * secondMs } as const
    })
    const { pass, batches, answers } = start({ definitions })
    await pass(20 * minuteMs)
    const before = batches.length
    for (const check of ['a', 'b', 'c']) {
      answers.set(check, down)
      await pass(6 * secondMs)
    }
    await pass(40 * secondMs)
    const early = batches.slice(before).map(({ sealedAt }) => sealedAt)
    expect(early.length).toBeGreaterThanOrEqual(2)
    for (const [i, at] of early.slice(1).entries())
      expect(at - early[i]!).toBeGreaterThanOrEqual(10_000)
    const runs = batches.slice(before).flatMap((batch) => batch.runs)
    expect(
      new Set(runs.filter(({ state }) => state === 'down').map(({ check }) => check)).size,
    ).toBe(3)
  })

  test('waits while the place in the stream is not known', async () => {
    const { pass, batches, outbox, time } = start({ lost: true })
    await pass(30 * minuteMs)
    expect(batches).toEqual([])
    const known = { epoch: 1, seq: 9, prev: 'a'.repeat(64) }
    outbox.openEpoch(known, { bootId: 'b007-0001', ...{ wall: time.wallMs, boot: time.bootMs } })
    await pass(11 * minuteMs)
    expect(batches[0]).toMatchObject({ epoch: 2, seq: 2 })
    const [run] = readBatches(batches).get('web') ?? []
    expect(run!.to - run!.from).toBeGreaterThan(30 * minuteMs)
  })

  test('spells everything out after a loss', async () => {
    const { pass, batches, outbox } = start()
    await pass(20 * minuteMs)
    expect(batches.at(-1)).not.toHaveProperty('checks')
    outbox.refuse(outbox.head()!, 'schema')
    await pass(10 * minuteMs)
    expect(batches.at(-1)).toHaveProperty('checks')
    expect(batches.at(-1)?.runs).toHaveLength(1)
  })

  test('stopping seals what is decided and keeps the rest', async () => {
    const { pass, batches, watch, kept, time } = start()
    await pass(15 * minuteMs)
    const before = batches.length
    watch.stop()
    expect(batches).toHaveLength(before + 1)
    expect(kept().at.boot).toBe(time.bootMs)
    expect(kept().fold.checks[0]?.stretches).toEqual([])
  })
})

describe('keeping', () => {
  test('a round of looks is on disk as soon as its last one is over', async () => {
    const definitions = ['web', 'db'].map((check) => ({ ...definition, check }))
    const { pass, kept, time } = start({ definitions })
    const at = time.bootMs
    await pass(0)
    expect(kept().fold.checks.map(({ last }) => last?.at)).toEqual([at, at])
  })

  test('a look that does not end holds up neither the others nor what is kept of them', async () => {
    const definitions = ['slow', 'web'].map((check) => ({ ...definition, check }))
    const never = new Promise<Observation>(() => {})
    const { pass, kept, looks } = start({ definitions, seen: { slow: never } })
    await pass(10 * minuteMs)
    expect(looks.length).toBeGreaterThan(10)
    const [slow, web] = kept().fold.checks
    expect(slow?.last).toBeNull()
    expect(web?.last).not.toBeNull()
  })

  test('a full disk stops nothing; what was decided goes out when there is room', async () => {
    const { pass, batches, db, logged, outbox, looks, watch } = start()
    await pass(2 * minuteMs)
    db.isFull = true
    await pass(60 * minuteMs)
    expect(logged).toContain('The disk is full: nothing can be kept.')
    const { messages } = outbox.depth()
    expect(messages).toBe(1)
    db.isFull = false
    await pass(11 * minuteMs)
    watch.stop()
    expect(outbox.depth().messages).toBeGreaterThan(messages)
    const stored = batches.filter(({ seq }, i) => batches.findLastIndex((b) => b.seq === seq) === i)
    const [run, ...others] = readBatches(stored).get('web') ?? []
    expect(others).toEqual([])
    // All but the last look, which is still open.
    expect(run!.count).toBe(looks.length - 1)
  })
})

test('a suspended host: the time is unknown, and why is told', async () => {
  const { pass, time, batches, logged } = start()
  await pass(5 * minuteMs)
  time.suspend(60 * minuteMs)
  await pass(12 * minuteMs)
  expect(logged).toContain('The host was suspended.')
  const runs = readBatches(batches)
    .get('web')
    ?.map(({ state, reason }) => reason ?? state)
  expect(runs).toEqual(['up', 'suspended', 'up'])
  expect(batches.flatMap(({ pauses }) => pauses)).toMatchObject([{ why: 'suspended' }])
})

test('a host that sleeps while a message would be due: it goes out as soon as it wakes', async () => {
  const { pass, time, batches } = start()
  await pass(5 * minuteMs)
  const before = batches.length
  time.suspend(8 * 60 * minuteMs)
  // The timer that was running goes on where it stood: a minute at most.
  await pass(minuteMs)
  expect(batches.length).toBeGreaterThan(before)
})

describe('a wall clock that is set while the agent runs', () => {
  /** What the agent says, and when, in half an hour in which a check fails; without wall times. */
  async function told(set: (wallMs: number) => number) {
    // An hour back it would be young again.
    const { pass, time, batches, answers, logged } = start({ ageMs: 50 * minuteMs })
    await pass(12 * minuteMs)
    time.wallMs = set(time.wallMs)
    await pass(5 * minuteMs)
    answers.set('web', down)
    await pass(10 * minuteMs)
    time.wallMs = set(time.wallMs)
    await pass(25 * minuteMs)
    return batches
      .map(({ sealed, ...batch }) => ({ ...batch, prev: '', sealedBoot: sealed.boot }))
      .concat(logged.map((line) => line as never))
  }

  test.each<[string, (wallMs: number) => number]>([
    ['an hour ahead', (wallMs) => wallMs + 60 * minuteMs],
    ['an hour back', (wallMs) => wallMs - 60 * minuteMs],
    ['ten years ahead', (wallMs) => wallMs + 3_650 * 1_440 * minuteMs],
    ['to 1970', () => 0],
  ])('%s: it says the same at the same time', async (_name, set) => {
    const undisturbed = await told((wallMs) => wallMs)
    expect(undisturbed.length).toBeGreaterThan(4)
    expect(await told(set)).toEqual(undisturbed)
  })
})
