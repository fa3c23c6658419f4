import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ensureKey, installKey } from '../../agent/key-files.ts'
import { isRotationDue, Keyring, type KeyState, openKeyring } from '../../agent/keyring.ts'
import { Outbox } from '../../agent/outbox.ts'
import { rotateKey, rotateWhenDue } from '../../agent/rotation.ts'
import { openSpool } from '../../agent/spool-file.ts'
import { parseJws } from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { dayMs } from '../../protocol/time.ts'
import { addMessage, drive, settle, start, startAgain, untilStored } from '../support/delivery.ts'
import type { FakeTime } from '../support/fake-time.ts'

const momentIn = ({ wallMs, bootMs }: FakeTime) => {
  return { bootId: 'b007-0001', wall: wallMs, boot: bootMs }
}

/** A rotation between two messages, none of them delivered yet. */
async function rotating() {
  const parts = await start({ messages: 1 })
  const before = parts.keys.known.kid
  rotateKey(parts.dir, parts.outbox, momentIn(parts.time))
  addMessage(parts.outbox, 1)
  return { ...parts, before, after: parts.keys.state.kid }
}

const kidIn = (dir: string) => openKeyring(dir, null).known.kid
const kidOf = (jws: string) => parseJws(jws).kid

describe('a rotation', () => {
  test('is signed by the old key, what follows by the new one; heartbeats change with the receipt', async () => {
    const { collector, time, dir, outbox, before, after } = await rotating()
    expect(kidIn(dir)).toBe(before)
    await drive(time, untilStored(collector, 3))
    await settle(time)
    const kids = [1, 2, 3].map((seq) => kidOf(collector.stored().get(`1/${seq}`)!))
    expect(kids).toEqual([before, before, after])
    expect(collector.agentKids).toEqual([after])
    expect(kidIn(dir)).toBe(after)
    expect(outbox.depth().messages).toBe(0)
    const beats = collector.of('heartbeat').length
    await drive(time, collector.until('heartbeat', beats + 1))
    expect(collector.of('heartbeat').map(({ jws }) => kidOf(jws))).toEqual([before, after])
  })

  test('whose receipt was lost is told by the denied heartbeat: the other key goes on', async () => {
    const { collector, time, outbox, dir, after } = await rotating()
    let isLost = false
    collector.answer = ({ type, jws }) => {
      if (type !== 'rotation' || isLost) return null
      isLost = true
      collector.admit(jws)
      return { status: 502 }
    }
    await drive(time, untilStored(collector, 3))
    await settle(time)
    expect(isLost).toBe(true)
    expect(outbox.depth().messages).toBe(0)
    expect(collector.of('gap')).toEqual([])
    expect(kidIn(dir)).toBe(after)
  })

  test.each([400, 413, 415])(
    'refused with %i is declared, and the old key stays',
    async (status) => {
      const { collector, time, outbox, dir, keys, before } = await rotating()
      addMessage(outbox, 2)
      collector.answer = ({ type }) =>
        type === 'rotation' ? { status, body: '{"code":"schema","message":""}' } : null
      await drive(time, untilStored(collector, 4))
      await settle(time)
      expect(collector.of('gap')).toMatchObject([
        { content: { seq: 2, through: 2, why: 'refused' } },
      ])
      const kids = [...collector.stored().values()].map(kidOf)
      expect(new Set(kids)).toEqual(new Set([before]))
      expect(outbox.depth().messages).toBe(0)
      expect(kidIn(dir)).toBe(before)
      expect(isRotationDue(keys.state, 0, time.wallMs)).toBe(false)
      expect(isRotationDue(keys.state, 0, time.wallMs + 31 * dayMs)).toBe(true)
    },
  )

  test('is never dropped: without it nothing behind it could be verified', async () => {
    const { collector, time, outbox } = await rotating()
    addMessage(outbox, 2)
    outbox.trim({ ...momentIn(time), boot: 10 * dayMs })
    await drive(time, collector.until('rotation', 1))
    await drive(time, collector.until('gap', 2))
    await settle(time)
    expect(collector.of('gap').map(({ content: { seq, through } }) => [seq, through])).toEqual([
      [1, 1],
      [3, 4],
    ])
    expect(outbox.depth().messages).toBe(0)
  })
})

describe('a collector restored to before a rotation', () => {
  test.each([
    ['gets everything again, the rotation too', '', []],
    [
      'verifies what is declared in each part of the stream',
      'DELETE FROM sent WHERE seq IN (1, 3)',
      [1, 3],
    ],
  ])('%s', async (_name, loss, declared) => {
    const { collector, time, db, outbox, dir, after } = await rotating()
    await drive(time, untilStored(collector, 3))
    await settle(time)
    if (loss) db.exec(loss)
    collector.restore({ epoch: 1, seq: 1, prev: '0'.repeat(64) })
    addMessage(outbox, 2)
    await drive(time, untilStored(collector, 4))
    await settle(time)
    expect(collector.of('gap').map(({ content }) => content.seq)).toEqual(declared)
    expect(collector.agentKids).toEqual([after])
    expect(kidIn(dir)).toBe(after)
    expect(outbox.depth().messages).toBe(0)
  })
})

describe('after a crash', () => {
  /** What is on the disk when the process ends at each step of a rotation. */
  const steps: [string, (parts: Awaited<ReturnType<typeof start>>) => Promise<void>][] = [
    [
      'when the new key was on the disk',
      async ({ dir }) => {
        ensureKey(dir, 'next')
      },
    ],
    [
      'when the message was in the spool',
      async ({ dir, outbox, time }) => rotateKey(dir, outbox, momentIn(time)),
    ],
    [
      'when the collector had it',
      async ({ dir, outbox, time, collector, delivery }) => {
        rotateKey(dir, outbox, momentIn(time))
        collector.answer = ({ type, jws }) => {
          if (type !== 'rotation') return null
          collector.admit(jws)
          return 'cut'
        }
        delivery.wake()
        await drive(time, collector.until('rotation', 1))
      },
    ],
    ['when the receipt was on the disk', async (parts) => confirmed(parts)],
    [
      'when the old key was kept aside',
      async (parts) => {
        await confirmed(parts)
        copyFileSync(join(parts.dir, 'agent.key'), join(parts.dir, 'agent.key.previous'))
      },
    ],
    [
      'when the files were swapped',
      async (parts) => {
        await confirmed(parts)
        installKey(parts.dir, (parts.spool.state('key') as KeyState).kid)
      },
    ],
  ]

  /** The receipt of the rotation is kept, and nothing was done about the files. */
  async function confirmed({
    dir,
    spool,
    identity,
    time,
    collector,
  }: Awaited<ReturnType<typeof start>>) {
    const current = openKeyring(dir, null).known
    const outbox = new Outbox(spool, new Keyring([current], null), identity.agent)
    rotateKey(dir, outbox, momentIn(time))
    for (let head = outbox.head(); head; head = outbox.head()) {
      collector.admit(head.jws)
      outbox.acknowledge(head, { jws: 'receipt', received: 1, checkpoint: null }, 1)
    }
  }

  test.each(steps)('%s, the next process goes on by itself', async (_name, crash) => {
    const first = await start()
    const { collector, time, dir } = first
    await drive(time, collector.until('heartbeat', 1))
    await settle(time)
    await crash(first)
    await first.stop()
    collector.answer = () => null
    const stored = collector.stored().size
    const { outbox } = await startAgain(first)
    const waiting = outbox.depth().messages
    addMessage(outbox, 1)
    await drive(time, untilStored(collector, Math.max(stored, waiting) + 1))
    await settle(time)
    expect(outbox.depth().messages).toBe(0)
    expect(collector.of('gap')).toEqual([])
    expect(collector.isQuarantined).toBe(false)
    // The file holds the key that the collector knows.
    expect(collector.agentKids).toEqual([kidIn(dir)])
  })

  test.each(['before', 'after'])(
    'a spool lost %s the collector had it: the key it knows is found',
    async (when) => {
      const first = await start()
      const { collector, time, dir, identity } = first
      await drive(time, collector.until('heartbeat', 1))
      await settle(time)
      rotateKey(dir, first.outbox, momentIn(time))
      if (when === 'after') collector.admit(first.outbox.head()!.jws)
      await first.stop()
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(join(dir, `spool.sqlite${suffix}`), { force: true })
      const spool = openSpool(dir, 0)
      onTestFinished(() => spool.close())
      const { outbox } = await startAgain({ collector, dir, identity, time, spool })
      await drive(time, collector.until('gap', 1))
      await settle(time)
      addMessage(outbox, 1)
      await drive(time, collector.until('batch', 1))
      await settle(time)
      expect(outbox.depth().messages).toBe(0)
      expect(collector.agentKids).toEqual([kidIn(dir)])
    },
  )
})

describe('when it is due', () => {
  const state: KeyState = { kid: 'k', since: null, rotation: null, refusedAt: null }
  const year = limits.keyAgeMsMax

  test.each<[string, Partial<KeyState>, number, boolean]>([
    ['a young key stays', {}, year, false],
    ['a key older than a year goes', {}, year + 1, true],
    ['a key that came later is younger', { since: dayMs }, year + 1, false],
    [
      'one at a time',
      { rotation: { epoch: 1, seq: 1, before: 'b', isPending: true } },
      2 * year,
      false,
    ],
    ['a refusal is respected for a month', { refusedAt: year }, year + dayMs, false],
  ])('%s', (_name, change, now, expected) => {
    expect(isRotationDue({ ...state, ...change }, 0, now)).toBe(expected)
  })

  test('the agent does it by itself, and not in quarantine', async () => {
    const { dir, outbox, keys, time, collector } = await start()
    const due = { ...momentIn(time), wall: time.wallMs + year }
    const parts = { outbox, keys, enrolledAt: time.wallMs - 1 }
    expect(rotateWhenDue(dir, parts, momentIn(time))).toBe(false)
    outbox.isolate({ at: 0, code: 'conflict' })
    expect(rotateWhenDue(dir, parts, due)).toBe(false)
    outbox.release()
    expect(rotateWhenDue(dir, parts, due)).toBe(true)
    expect(rotateWhenDue(dir, parts, due)).toBe(false)
    await drive(time, collector.until('rotation', 1))
  })
})

test('keys are for their owner only, and a key that was replaced is kept aside', async () => {
  const { dir, collector, time, before } = await rotating()
  const pem = readFileSync(join(dir, 'agent.key'), 'utf8')
  await drive(time, untilStored(collector, 3))
  await settle(time)
  expect(readFileSync(join(dir, 'agent.key.previous'), 'utf8')).toBe(pem)
  expect(existsSync(join(dir, 'agent.key.next'))).toBe(false)
  installKey(dir, before)
  expect(kidIn(dir)).toBe(before)
})
