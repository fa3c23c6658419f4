import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Spool } from '../../agent/spool.ts'
import { openSpool, openSpoolToRead } from '../../agent/spool-file.ts'
import type { SpooledMessage } from '../../agent/spool-row.ts'
import { upgrade } from '../../agent/spool-schema.ts'
import { parseJws, sha256 } from '../../protocol/jws.ts'
import { temporaryFolder } from '../support/agent-folder.ts'

function message(seq: number, jws = `message ${seq}`): SpooledMessage {
  return {
    ...{ epoch: 1, seq, through: seq, type: 'batch', why: null, boot: 'b007-0001', jws },
    ...{ windowFrom: 0, windowTo: 1, sealedWall: 2, sealedBoot: 3 },
    ...{ prev: sha256(`message ${seq - 1}`), after: sha256(jws) },
  }
}

function open(dir: string): Spool {
  const spool = openSpool(dir, 7)
  onTestFinished(() => {
    try {
      spool.close()
    } catch {
      // The test closed it.
    }
  })
  return spool
}

describe('what is committed', () => {
  test('is there after the process has gone, oldest first', () => {
    const dir = temporaryFolder()
    const first = open(dir)
    first.commit({ added: [message(10), message(9)], states: { cursor: { seq: 11 } } })
    first.close()
    const again = open(dir)
    expect(again.rows().map(({ seq }) => seq)).toEqual([9, 10])
    expect(again.head()).toMatchObject({ ...message(9), bytes: 9, attempted: 0 })
    expect(again.state('cursor')).toEqual({ seq: 11 })
    expect(again.state('fold')).toBeNull()
    expect(again.depth()).toEqual({ messages: 2, bytes: 19 })
  })

  test('and what is kept beside it is there too, however its length changes', () => {
    const dir = temporaryFolder()
    const first = open(dir)
    for (const length of [3_000, 0, 1_023, 1_024, 9_000, 1]) {
      const fold = { text: 'ح'.repeat(length) }
      first.keep({ fold, history: { length } })
      expect(first.state('fold')).toEqual(fold)
    }
    first.commit({ states: { cursor: { seq: 11 } } })
    first.close()
    const again = open(dir)
    expect(again.state('fold')).toEqual({ text: 'ح' })
    expect(again.state('history')).toEqual({ length: 1 })
    expect(again.state('cursor')).toEqual({ seq: 11 })
  })

  test('is all of it or nothing', () => {
    const spool = open(temporaryFolder())
    spool.commit({ added: [message(1)], states: { cursor: 'before' } })
    const change = { added: [message(2), message(1)], states: { cursor: 'after' } }
    expect(() => spool.commit(change)).toThrow('UNIQUE')
    expect(spool.depth().messages).toBe(1)
    expect(spool.state('cursor')).toBe('before')
    spool.commit({ states: { cursor: 'later' } })
  })

  test('keeps receipts when messages go, and refused messages, a hundred of them', () => {
    const dir = temporaryFolder()
    const spool = open(dir)
    spool.commit({ added: [message(1), message(2)] })
    expect(spool.lastReceipt()).toBeNull()
    spool.commit({ attempted: spool.rows()[0]! })
    expect(spool.rows().map(({ attempted }) => attempted)).toEqual([1, 0])
    const [first, second] = spool.rows()
    const at = { received: 1, keptAt: 1 }
    spool.commit({ delivered: { of: first!, jws: 'receipt 1', ...at } })
    spool.commit({ delivered: { of: second!, jws: 'receipt 2', ...at } })
    expect(spool.lastReceipt()).toBe('receipt 2')
    expect(spool.head()).toBeNull()
    for (let seq = 1; seq <= 120; seq++) {
      spool.commit({ rejected: { message: message(seq), code: 'schema' } })
    }
    const db = new DatabaseSync(join(dir, 'spool.sqlite'), { readOnly: true })
    const kept = db.prepare('SELECT count(*) AS n, min(seq) AS oldest FROM rejected').get()
    db.close()
    expect(kept).toEqual({ n: 100, oldest: 21 })
  })
})

describe('what was sent', () => {
  /** Five delivered messages of 100 bytes each, the third a rotation. */
  function delivered(): { spool: Spool; seqs: () => number[] } {
    const spool = open(temporaryFolder())
    for (let seq = 1; seq <= 5; seq++) {
      const type = seq === 3 ? 'rotation' : 'batch'
      spool.commit({ added: [{ ...message(seq, `${seq}`.repeat(100)), type, sealedBoot: seq }] })
      const of = { epoch: 1, seq }
      spool.commit({
        delivered: { of, jws: `receipt ${seq}`, received: 10 * seq, keptAt: 10 * seq },
      })
    }
    return { spool, seqs: () => spool.sentFrom({ epoch: 1, seq: 1 }).map(({ seq }) => seq) }
  }

  test('is no longer waiting, and comes back byte for byte', () => {
    const { spool, seqs } = delivered()
    expect(spool.depth().messages).toBe(0)
    expect(seqs()).toEqual([1, 2, 3, 4, 5])
    spool.commit({ again: [{ epoch: 1, seq: 4 }] })
    expect(seqs()).toEqual([1, 2, 3, 5])
    const { type, jws, attempted } = spool.head()!
    expect({ type, jws, attempted }).toEqual({ type: 'batch', jws: '4'.repeat(100), attempted: 1 })
  })

  test.each([
    ['too much', 200, 0, [3, 4, 5]],
    ['much too much', 0, 0, [3]],
    ['too old', 1_000, 2, [3, 4, 5]],
    ['neither', 400, 0, [1, 2, 3, 4, 5]],
  ])('is forgotten when it is %s, the oldest first, rotations never', (_name, bytes, age, left) => {
    const { spool, seqs } = delivered()
    spool.forgetSent(bytes, ({ sealedBoot }) => sealedBoot <= age)
    expect(seqs()).toEqual(left)
  })

  test('leaves its receipt, until both clocks say that it is too old', () => {
    const { spool } = delivered()
    const left = () => {
      const seqs: number[] = []
      for (let seq = 1; seq <= 5; seq++)
        if (spool.receipts({ epoch: 1, seq }).length > 0) seqs.push(seq)
      return seqs
    }
    spool.forgetReceipts(25, 0)
    expect(left()).toEqual([1, 2, 3, 4, 5])
    spool.forgetReceipts(1_000, 99_999)
    expect(left()).toEqual([1, 2, 3, 4, 5])
    spool.forgetReceipts(25, 99_999)
    expect(left()).toEqual([3, 4, 5])
  })

  test('keeps every receipt of a place that a restored collector gave anew', () => {
    const { spool } = delivered()
    spool.commit({ again: [{ epoch: 1, seq: 5 }] })
    const of = { epoch: 1, seq: 5 }
    spool.commit({ delivered: { of, jws: 'another receipt', received: 99, keptAt: 99 } })
    expect(spool.receipts(of)).toEqual(['receipt 5', 'another receipt'])
    expect(spool.lastReceipt()).toBe('another receipt')
  })
})

describe('a spool of version 1', () => {
  /** Written as version 1 of the agent did: test/vectors/spool-1.sql is its dump. */
  function old(): string {
    const dir = temporaryFolder()
    const db = new DatabaseSync(join(dir, 'spool.sqlite'))
    db.exec(readFileSync(join(import.meta.dirname, '../vectors/spool-1.sql'), 'utf8'))
    db.close()
    return dir
  }

  test('is carried over: nothing is lost, and it goes on', () => {
    const dir = old()
    const spool = open(dir)
    expect(spool.rows().map(({ seq, attempted }) => [seq, attempted])).toEqual([
      [3, 1],
      [4, 0],
    ])
    const { jws } = spool.head()!
    expect(parseJws(jws).typ).toBe('istimrar-batch+jws')
    expect(spool.state('cursor')).toMatchObject({ epoch: 1, seq: 5 })
    expect(spool.state('fold')).toMatchObject({ fold: { boot: 'b007-0001' } })
    expect(spool.receipts({ epoch: 1, seq: 2 })).toEqual([spool.lastReceipt()])
    const db = new DatabaseSync(join(dir, 'spool.sqlite'), { readOnly: true })
    onTestFinished(() => db.close())
    const receipts = db.prepare('SELECT seq, received, keptAt FROM receipt').all()
    expect(receipts).toEqual([
      { seq: 1, received: 1_800_000_000_001, keptAt: 7 },
      { seq: 2, received: 1_800_000_000_002, keptAt: 7 },
    ])
    expect(db.prepare('SELECT seq, code FROM rejected').all()).toEqual([{ seq: 9, code: 'schema' }])
    const of = { epoch: 1, seq: 3 }
    spool.commit({ delivered: { of, jws: 'receipt 3', received: 1, keptAt: 1 } })
    expect(spool.sentFrom({ epoch: 1, seq: 1 })).toHaveLength(1)
    expect(readdirSync(dir).filter((name) => name.includes('damaged'))).toEqual([])
  })

  test('can be looked at before it is carried over', () => {
    const reader = openSpoolToRead(old())
    expect(reader?.depth().messages).toBe(2)
    expect(reader?.lastReceipt()).toContain('.')
    expect(reader?.state('quarantine')).toBeNull()
    reader?.close()
  })

  test('is as it was when the disk is full; later it is carried over', () => {
    const dir = old()
    const file = join(dir, 'spool.sqlite')
    const db = new DatabaseSync(file)
    const pages = Object.values(db.prepare('PRAGMA page_count').get()!)[0]
    db.exec(`PRAGMA max_page_count = ${pages}`)
    expect(() => upgrade(db, 7)).toThrow('full')
    db.close()
    const spool = open(dir)
    expect(spool.rows()).toHaveLength(2)
    expect(spool.receipts({ epoch: 1, seq: 1 })).toHaveLength(1)
  })
})

describe('a file that is not as it was', () => {
  function filled(): string {
    const dir = temporaryFolder()
    const spool = open(dir)
    const added = Array.from({ length: 30 }, (_, i) => message(i + 1, `${i}`.repeat(1_000)))
    spool.commit({ added, states: { cursor: { seq: 31 }, fold: { long: 'x'.repeat(9_000) } } })
    spool.close()
    return dir
  }

  /** All that a spool holds. */
  function contentOf(dir: string) {
    const spool = openSpool(dir, 7)
    const states = [spool.state('cursor'), spool.state('fold')]
    const rows = spool.rows()
    spool.close()
    const db = new DatabaseSync(join(dir, 'spool.sqlite'), { readOnly: true })
    const texts = db.prepare('SELECT jws FROM message ORDER BY seq').all()
    db.close()
    return { states, rows, texts }
  }

  test('every damaged page leads to a new spool, never to wrong content or an error', () => {
    const source = filled()
    const bytes = readFileSync(join(source, 'spool.sqlite'))
    const whole = contentOf(source)
    const empty = { states: [null, null], rows: [], texts: [] }
    const pages = bytes.length / 4_096
    expect(pages).toBeGreaterThan(10)
    let lost = 0
    for (let page = 0; page < pages; page++) {
      for (const fault of [flip, zero, truncate]) {
        const dir = temporaryFolder()
        writeFileSync(join(dir, 'spool.sqlite'), fault(bytes, page * 4_096))
        const found = contentOf(dir)
        if (found.rows.length === 0) lost += 1
        expect(found).toEqual(found.rows.length === 0 ? empty : whole)
        expect(contentOf(dir)).toEqual(found)
      }
    }
    expect(lost).toBeGreaterThan(pages)
  })

  test('is moved aside, the newest one only', () => {
    const dir = filled()
    const file = join(dir, 'spool.sqlite')
    for (const at of [1, 2]) {
      writeFileSync(file, 'no database, whatever it may be'.repeat(300))
      openSpool(dir, at).close()
    }
    const files = readdirSync(dir).filter((name) => name.includes('damaged'))
    expect(files).toEqual(['spool.sqlite.damaged-2'])
  })

  test('but not when a newer version wrote it', () => {
    const dir = filled()
    const db = new DatabaseSync(join(dir, 'spool.sqlite'))
    db.exec('PRAGMA user_version = 99')
    db.close()
    expect(() => openSpool(dir, 0)).toThrow('newer version')
    expect(readdirSync(dir).filter((name) => name.includes('damaged'))).toEqual([])
  })
})

test('one folder, one agent; others may look', () => {
  const dir = temporaryFolder()
  const spool = open(dir)
  spool.commit({ added: [message(1)] })
  expect(() => openSpool(dir, 0)).toThrow(`Another agent uses the folder ${dir}. Stop it first.`)
  const reader = openSpoolToRead(dir)
  expect(reader?.depth().messages).toBe(1)
  reader?.close()
  spool.close()
  open(dir)
})

function flip(bytes: Buffer, at: number): Buffer {
  const damaged = Buffer.from(bytes)
  for (let i = at + 100; i < at + 4_096; i += 500) damaged[i] = (damaged[i] ?? 0) ^ 0x55
  return damaged
}

function zero(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes).fill(0, at, at + 4_096)
}

function truncate(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes.subarray(0, at + 1_000))
}
