import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, onTestFinished, test } from 'vitest'
import { newFold, observe } from '../../agent/fold.ts'
import { lossesOf, type Moment } from '../../agent/gap.ts'
import { signerOf } from '../../agent/identity.ts'
import { Keyring } from '../../agent/keyring.ts'
import { Outbox } from '../../agent/outbox.ts'
import { seal } from '../../agent/seal.ts'
import { Spool } from '../../agent/spool.ts'
import type { SpooledRow } from '../../agent/spool-row.ts'
import { makeTables } from '../../agent/spool-schema.ts'
import { Gap } from '../../protocol/gap.ts'
import {
  generateKey,
  noPrevious,
  parseJws,
  privateKey,
  publicKey,
  sha256,
  verifyJws,
} from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { dayMs, minuteMs } from '../../protocol/time.ts'

const { privatePem, publicKey: x } = generateKey()
const signer = signerOf(privateKey(privatePem))
const receipt = { jws: 'receipt', received: 1, checkpoint: null }
const gapSchema = Compile(Gap)
const boots = ['b007-0001', 'b007-0002']

function start() {
  const db = new DatabaseSync(':memory:')
  makeTables(db)
  const spool = new Spool(db)
  onTestFinished(() => spool.close())
  spool.commit({ states: { cursor: { epoch: 1, seq: 1, prev: noPrevious, afterLoss: false } } })
  return { spool, outbox: new Outbox(spool, new Keyring([signer], null), 'a-1') }
}

/** Adds one batch that covers a minute of a boot. */
function add(outbox: Outbox, minute: number, boot = boots[0]!): void {
  let fold = newFold(boot, [{ check: 'web', kind: 'http', intervalMs: minuteMs }], 0)
  for (const at of [minute, minute + 1]) {
    fold = observe(fold, 'web', { state: 'up', at: at * minuteMs })
  }
  const at = { wall: minute * minuteMs, boot: (minute + 1) * minuteMs }
  const sealed = seal({ ...fold, from: minute * minuteMs }, at, false)
  outbox.put(sealed.bodies, { fold: sealed.fold, at })
}

/** Takes all messages as the collector would, and holds the chain to its rules. */
function readChain({ spool, outbox }: ReturnType<typeof start>) {
  const told: string[] = []
  let expected = { epoch: 0, seq: 0, prev: '' }
  for (let head = outbox.head(); head; head = outbox.head()) {
    const jws = parseJws(head.jws)
    expect(verifyJws(jws, publicKey(x))).toBe(true)
    const content = JSON.parse(Buffer.from(jws.payload).toString())
    const { epoch, seq, prev, through = seq, why = 'batch', lastDropped = null } = content
    if (why !== 'batch') expect([...gapSchema.Errors(content)]).toEqual([])
    if (expected.epoch === epoch) expect({ epoch, seq, prev }).toEqual(expected)
    expected = { epoch, seq: through + 1, prev: lastDropped ?? sha256(head.jws) }
    told.push(through === seq ? `${why} ${seq}` : `${why} ${seq}-${through}`)
    spool.commit({ removed: [head] })
  }
  expect(outbox.cursor).toMatchObject(expected)
  return told
}

const now = (minute: number, bootId = boots[0]!): Moment => {
  return { bootId, wall: minute * minuteMs, boot: minute * minuteMs }
}
const week = limits.spoolAgeMsMax / minuteMs

describe('what grows too old', () => {
  test('goes, oldest first, and is declared in its place', () => {
    const stream = start()
    for (let minute = 0; minute < 10; minute++) add(stream.outbox, minute)
    expect(stream.outbox.trim(now(week + 4))).toBe(3)
    expect(stream.outbox.cursor?.afterLoss).toBe(true)
    const gap = JSON.parse(Buffer.from(parseJws(stream.outbox.head()!.jws).payload).toString())
    expect(gap).toMatchObject({ window: { from: 0, to: 3 * minuteMs }, boot: boots[0] })
    expect(readChain(stream)).toEqual([
      'spool_old 1-3',
      ...[4, 5, 6, 7, 8, 9, 10].map((seq) => `batch ${seq}`),
    ])
  })

  test('joins the gap declared before', () => {
    const stream = start()
    for (let minute = 0; minute < 6; minute++) add(stream.outbox, minute)
    for (const minute of [2, 3, 4, 5]) stream.outbox.trim(now(week + minute))
    expect(readChain(stream)).toEqual(['spool_old 1-4', 'batch 5', 'batch 6'])
  })

  test('stays when it may have arrived: its bytes are final', () => {
    const stream = start()
    for (let minute = 0; minute < 4; minute++) add(stream.outbox, minute)
    stream.outbox.attempt(stream.outbox.head()!)
    stream.outbox.trim(now(week + 4))
    expect(readChain(stream)).toEqual(['batch 1', 'spool_old 2-3', 'batch 4'])
  })

  test('is one gap for each boot', () => {
    const stream = start()
    for (let minute = 0; minute < 3; minute++) add(stream.outbox, minute)
    for (let minute = 3; minute < 6; minute++) add(stream.outbox, minute, boots[1])
    // Sealed in minutes 4, 5 and 6 of the second boot, a week less a minute before this one.
    stream.outbox.trim(now(week - 1, 'b007-0003'))
    const rest = ['batch 5', 'batch 6']
    expect(readChain(stream)).toEqual(['spool_old 1-3', 'spool_old 4', ...rest])
  })

  test('is told by the uptime where that is known, not by a wall clock that jumped', () => {
    const stream = start()
    add(stream.outbox, 0)
    const jumped = { ...now(5), wall: 3_650 * dayMs }
    expect(stream.outbox.trim(jumped)).toBe(0)
  })

  test.each([
    ['an hour ahead', 60 * minuteMs],
    ['ten years ahead', 3_650 * dayMs],
    ['1970', -1_800_000_000_000],
  ])('is told by uptimes after a reboot too, with the clock at %s', (_name, wallMs) => {
    const stream = start()
    for (let minute = 0; minute < 3; minute++) add(stream.outbox, minute)
    add(stream.outbox, 1, boots[1])
    const reboot = (minute: number) => ({ ...now(minute, 'b007-0003'), wall: wallMs })
    expect(stream.outbox.trim(reboot(5))).toBe(0)
    // The first boot's last minute, two of the second, and this one's.
    expect(stream.outbox.trim(reboot(week - 3))).toBe(1)
    expect(readChain(stream)).toEqual(['spool_old 1', 'batch 2', 'batch 3', 'batch 4'])
  })

  test('leaves a refused message its own reason', () => {
    const stream = start()
    for (let minute = 0; minute < 4; minute++) add(stream.outbox, minute)
    stream.outbox.refuse(stream.outbox.head()!, 'schema')
    stream.outbox.trim(now(week + 4))
    expect(readChain(stream)).toEqual(['refused 1', 'spool_old 2-3', 'batch 4'])
  })
})

test('what was sent stays for a week, its receipt much longer', () => {
  const { spool, outbox } = start()
  for (const minute of [0, 1, 2]) {
    add(outbox, minute)
    outbox.acknowledge(
      outbox.head()!,
      { ...receipt, received: minute * minuteMs },
      minute * minuteMs,
    )
  }
  const sent = () => spool.sentFrom({ epoch: 1, seq: 1 }).map(({ seq }) => seq)
  outbox.forget(now(week))
  expect(sent()).toEqual([1, 2, 3])
  outbox.forget(now(week + 2))
  expect(sent()).toEqual([2, 3])
  const at = limits.receiptAgeMsMax
  add(outbox, 3)
  outbox.acknowledge(outbox.head()!, { ...receipt, received: at + 1 }, at + 1)
  outbox.forget({ ...now(4), wall: at + 1 })
  expect([1, 2].map((seq) => spool.receipts({ epoch: 1, seq }).length)).toEqual([0, 1])
})

test('what is too much goes too', () => {
  const row = (seq: number, bytes: number) =>
    ({
      ...{ epoch: 1, seq, through: seq, type: 'batch', why: null, boot: 'b', bytes, attempted: 0 },
      ...{ windowFrom: 0, windowTo: 1, sealedWall: 0, sealedBoot: 0 },
      ...{ prev: `${seq - 1}`, after: `${seq}` },
    }) satisfies SpooledRow
  const rows: SpooledRow[] = [row(1, 40), row(2, 40), row(3, 40)]
  const dropped = (bytes: number) =>
    lossesOf(rows, now(0, 'b'), { bytes, ageMs: dayMs }).map(({ rows, why }) => [
      why,
      ...rows.map(({ seq }) => seq),
    ])
  expect(dropped(120)).toEqual([])
  expect(dropped(119)).toEqual([['spool_full', 1]])
  expect(dropped(79)).toEqual([['spool_full', 1, 2]])
  expect(dropped(0)).toEqual([['spool_full', 1, 2, 3]])
  rows[1] = { ...row(2, 40), attempted: 1 }
  expect(dropped(0)).toEqual([
    ['spool_full', 1],
    ['spool_full', 3],
  ])
})

test('whatever happens, the chain has no hole that is not declared', () => {
  const act = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('add'), boot: fc.nat(1) }) },
    fc.record({ do: fc.constant('attempt') }),
    fc.record({ do: fc.constant('deliver') }),
    fc.record({ do: fc.constant('refuse') }),
    fc.record({ do: fc.constant('trim'), age: fc.nat(40) }),
    fc.record({ do: fc.constant('rewind'), by: fc.integer({ min: 1, max: 5 }) }),
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const stream = start()
      const { outbox } = stream
      let minute = 0
      for (const step of acts) {
        const head = outbox.head()
        minute += 1
        if (step.do === 'add') add(outbox, minute, boots['boot' in step ? step.boot : 0])
        if (step.do === 'trim')
          outbox.trim(now(week + minute - ('age' in step ? step.age : 0), 'x'))
        if (!head) continue
        if (step.do === 'attempt') outbox.attempt(head)
        if (step.do === 'deliver') outbox.acknowledge(head, receipt, 0)
        if (step.do === 'refuse' && head.type === 'batch') outbox.refuse(head, 'schema')
        if (step.do === 'rewind') {
          const seq = head.seq - ('by' in step ? step.by : 1)
          const known = { epoch: 1, seq: Math.max(1, seq), prev: 'e'.repeat(64) }
          expect(outbox.resume(known, head) !== null).toBe(head.seq > known.seq)
        }
      }
      if (outbox.head()) readChain(stream)
    }),
    { numRuns: 60 },
  )
})
