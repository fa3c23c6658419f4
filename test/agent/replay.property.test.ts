import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { signerOf } from '../../agent/identity.ts'
import { Keyring } from '../../agent/keyring.ts'
import { Outbox, type Outgoing } from '../../agent/outbox.ts'
import { Spool } from '../../agent/spool.ts'
import { makeTables } from '../../agent/spool-schema.ts'
import {
  generateKey,
  noPrevious,
  parseJws,
  privateKey,
  publicKey,
  publicKeyText,
  sha256,
  thumbprint,
  verifyJws,
} from '../../protocol/jws.ts'
import { minuteMs } from '../../protocol/time.ts'
import { addMessage } from '../support/delivery.ts'
import { numberOfRuns } from '../support/number-of-runs.ts'

type Stored = { readonly from: number; readonly through: number; readonly jws: string }

/** The collector's rules for one stream, without a network; it can go back to how it was. */
class Stream {
  stored: readonly Stored[] = []
  cursor = { epoch: 1, seq: 1, prev: noPrevious }
  key: string

  constructor(key: string) {
    this.key = key
  }

  /** What it expects instead; null when it took the message. */
  take(jws: string): Stream['cursor'] | null {
    const parsed = parseJws(jws)
    const content = JSON.parse(Buffer.from(parsed.payload).toString())
    const { epoch, seq, prev, through = seq, lastDropped = null, publicKey: next } = content
    if (seq > this.cursor.seq) return this.cursor
    expect({ epoch, seq, prev }).toEqual(this.cursor)
    expect(parsed.kid).toBe(thumbprint(this.key))
    expect(verifyJws(parsed, publicKey(this.key))).toBe(true)
    this.stored = [...this.stored, { from: seq, through, jws }]
    this.cursor = { epoch, seq: through + 1, prev: lastDropped ?? sha256(jws) }
    this.key = next ?? this.key
    return null
  }
}

function begin() {
  const db = new DatabaseSync(':memory:')
  makeTables(db)
  const spool = new Spool(db)
  onTestFinished(() => spool.close())
  spool.commit({ states: { cursor: { epoch: 1, seq: 1, prev: noPrevious, afterLoss: false } } })
  const key = privateKey(generateKey().privatePem)
  const outbox = new Outbox(spool, new Keyring([signerOf(key)], null), 'a-1')
  return { db, outbox, stream: new Stream(publicKeyText(key)) }
}

const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const) }) },
  fc.record({ do: fc.constant('rotate' as const) }),
  fc.record({ do: fc.constant('refuse' as const) }),
  fc.record({ do: fc.constant('forget' as const), seq: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ do: fc.constant('restore' as const), to: fc.nat(12) }),
)

test('whatever a restored collector lacks it gets again, or is told that it is gone', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const { db, outbox, stream } = begin()
      const history = [{ stored: stream.stored, cursor: stream.cursor, key: stream.key }]
      let minute = 0
      let rotations = 0
      const deliver = (head: Outgoing) => {
        outbox.attempt(head)
        const expected = stream.take(head.jws)
        if (expected) {
          expect(outbox.resume(expected, head)).not.toBeNull()
          return
        }
        history.push({ stored: stream.stored, cursor: stream.cursor, key: stream.key })
        outbox.acknowledge(
          head,
          { jws: `receipt ${minute}`, received: minute, checkpoint: null },
          0,
        )
      }
      const forgotten = new Set<string>()
      const delivered = new Map<string, Stored>()
      for (const step of acts) {
        const head = outbox.head()
        minute += 1
        if (step.do === 'add') addMessage(outbox, minute)
        // One rotation is enough: the ring of a test has the key before the present one only.
        if (step.do === 'rotate' && rotations++ === 0) {
          const at = { bootId: 'b007-0001', wall: 0, boot: minute * minuteMs }
          outbox.rotate(privateKey(generateKey().privatePem), at)
        }
        if (step.do === 'deliver' && head) deliver(head)
        if (step.do === 'refuse' && head?.type === 'batch' && !head.attempted) {
          outbox.refuse(head, 'schema')
        }
        if (step.do === 'forget') {
          const rows = db.prepare(
            "DELETE FROM sent WHERE seq = ? AND type <> 'rotation' RETURNING jws",
          )
          for (const { jws } of rows.all(step.seq)) forgotten.add(String(jws))
        }
        if (step.do === 'restore') {
          for (const message of stream.stored) delivered.set(message.jws, message)
          Object.assign(stream, history[Math.min(step.to, history.length - 1)])
        }
      }
      // A restored collector speaks up when something new arrives.
      addMessage(outbox, minute + 1)
      for (let turn = 0; turn < 500; turn++) {
        const head = outbox.head()
        if (!head) break
        deliver(head)
      }
      expect(outbox.head()).toBeNull()
      expect(outbox.cursor).toMatchObject(stream.cursor)
      // All that had been delivered is there again, unless its copy was gone.
      const present = new Set(stream.stored.map(({ jws }) => jws))
      for (const { jws, from, through } of delivered.values()) {
        const isReplaced = stream.stored.some(
          (each) => each.from <= from && each.through >= through,
        )
        expect(present.has(jws) || (forgotten.has(jws) && isReplaced)).toBe(true)
      }
    }),
    { numRuns: numberOfRuns(150) },
  )
})
