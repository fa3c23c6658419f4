import { describe, expect, test } from 'vitest'
import { type KeyRing, readMessage } from '../../../collector/ingest/message.ts'
import type { AgentRow } from '../../../collector/store/store.ts'
import {
  generateKey,
  messageTypes,
  privateKey,
  publicKey,
  sha256,
  signJws,
} from '../../../protocol/jws.ts'
import { messageVectors } from '../../support/vectors.ts'

const { key, valid, invalid } = messageVectors()
const agent: AgentRow = {
  agent: 'a-0011223344556677',
  institution: 'moh',
  environment: 'portal',
  name: 'web-1',
  enrolledAt: 0,
  status: 'active',
  kid: key.kid,
  publicKey: key.x,
}
const decoy = privateKey(generateKey().privatePem)
const ring = (row: AgentRow): KeyRing => ({
  find: (kid) => (kid === key.kid ? { agent: row, key: publicKey(key.x) } : null),
  decoy,
})

/** What agents send to be stored or answered; enrolment and receipts are read elsewhere. */
const read = ['batch', 'gap', 'rotation', 'heartbeat', 'cursor', 'rejoin'] as const
const isRead = (type: string) => read.some((each) => each === type)

describe('the collector reads the vectors of the protocol', () => {
  test.each(valid.filter(({ type }) => isRead(type)))('$type', ({ type, payload, jws }) => {
    const { message } = readMessage(Buffer.from(jws), [messageTypes[type]], ring(agent))
    expect(message).toMatchObject({ type, content: payload, hash: sha256(jws) })
  })

  test.each(invalid.filter(({ type }) => isRead(type)))(
    'and refuses $name',
    ({ type, payload }) => {
      const typ = messageTypes[type]
      const jws = signJws(typ, payload, key.privateKey, key.kid)
      const attempt = () => readMessage(Buffer.from(jws), [typ], ring(agent))
      expect(attempt).toThrow(expect.objectContaining({ code: 'schema' }))
    },
  )
})

const [batch] = valid

test.each([
  ['revoked', { ...agent, status: 'revoked' as const }],
  ['another one', { ...agent, agent: 'a-9999999999999999' }],
])('an agent that is %s is nobody', (_name, row) => {
  const attempt = () => readMessage(Buffer.from(batch!.jws), [messageTypes.batch], ring(row))
  expect(attempt).toThrow(expect.objectContaining({ code: 'auth' }))
})

test.each(valid.filter(({ type }) => isRead(type)))(
  'a revoked agent may send nothing: $type',
  ({ type, jws }) => {
    const row = { ...agent, status: 'revoked' as const }
    const attempt = () => readMessage(Buffer.from(jws), [messageTypes[type]], ring(row))
    expect(attempt).toThrow(expect.objectContaining({ code: 'auth' }))
  },
)

test('a message at the wrong address is refused after its sender is known', () => {
  const attempt = () => readMessage(Buffer.from(batch!.jws), [messageTypes.heartbeat], ring(agent))
  expect(attempt).toThrow(expect.objectContaining({ code: 'schema' }))
})
