import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Spool, SpooledMessage } from '../../agent/spool.ts'
import { openSpool, openSpoolToRead } from '../../agent/spool-file.ts'
import { sha256 } from '../../protocol/jws.ts'
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
    spool.commit({ removed: [first!], receipt: { of: first!, jws: 'receipt 1' } })
    spool.commit({ removed: [second!], receipt: { of: second!, jws: 'receipt 2' } })
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
  expect(() => openSpool(dir, 0)).toThrow(`Another agent uses the folder ${dir}.`)
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
