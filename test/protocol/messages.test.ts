import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { Batch } from '../../protocol/batch.ts'
import { openCheckpoint, signCheckpoint } from '../../protocol/checkpoint.ts'
import { definitionsHash } from '../../protocol/definitions.ts'
import { EnrolmentRequest } from '../../protocol/enrolment.ts'
import { Gap } from '../../protocol/gap.ts'
import { CursorQuestion, Heartbeat } from '../../protocol/heartbeat.ts'
import {
  generateKey,
  messageTypes,
  parseJws,
  publicKey,
  signJws,
  thumbprint,
  verifyJws,
} from '../../protocol/jws.ts'
import { LogKeyChange } from '../../protocol/log-key.ts'
import { ManifestStatement } from '../../protocol/manifest.ts'
import { leafHash } from '../../protocol/merkle.ts'
import { isPossessed, rejoinCode } from '../../protocol/possession.ts'
import { Receipt } from '../../protocol/receipt.ts'
import { RejoinRequest } from '../../protocol/rejoin.ts'
import { Rotation } from '../../protocol/rotation.ts'
import { type MessageName, messageVectors } from '../support/vectors.ts'

const vectors = messageVectors()
const { key, newKey, definitions, valid, invalid } = vectors

const schemas = {
  batch: Compile(Batch),
  gap: Compile(Gap),
  heartbeat: Compile(Heartbeat),
  cursor: Compile(CursorQuestion),
  enrolment: Compile(EnrolmentRequest),
  receipt: Compile(Receipt),
  rotation: Compile(Rotation),
  rejoin: Compile(RejoinRequest),
  logKey: Compile(LogKeyChange),
  manifest: Compile(ManifestStatement),
} satisfies Record<MessageName, unknown>

test.each(valid)('a $type is signed to the same bytes and read back', ({ type, payload, jws }) => {
  expect(signJws(messageTypes[type], payload, key.privateKey, key.kid)).toBe(jws)
  const parsed = parseJws(jws)
  expect(verifyJws(parsed, publicKey(key.x))).toBe(true)
  expect(JSON.parse(Buffer.from(parsed.payload).toString())).toEqual(payload)
  expect(schemas[type].Check(payload)).toBe(true)
})

test.each(invalid)('no side accepts $name', ({ type, payload }) => {
  const good = valid.find((each) => each.type === type)!.payload
  expect(schemas[type].Check(good)).toBe(true)
  expect(schemas[type].Check(JSON.parse(JSON.stringify(payload)))).toBe(false)
})

test('a set of definitions has one name, whoever computes it', () => {
  expect(definitionsHash(definitions.set)).toBe(definitions.hash)
  expect(definitionsHash(definitions.set.toReversed())).not.toBe(definitions.hash)
})

test.each(['rotation', 'rejoin'] as const)('a new key proves itself for one %s only', (act) => {
  const { agent, possession } = valid.find(({ type }) => type === act)!.payload
  const proof = [String(agent), newKey.x, String(possession)] as const
  expect(isPossessed(act, ...proof)).toBe(true)
  expect(isPossessed(act === 'rejoin' ? 'rotation' : 'rejoin', ...proof)).toBe(false)
  expect(isPossessed(act, 'a-1', newKey.x, String(possession))).toBe(false)
  expect(isPossessed(act, String(agent), key.x, String(possession))).toBe(false)
})

test('a new key has one code, whoever computes it', () => {
  expect(rejoinCode(newKey.x)).toBe(vectors.rejoinCode)
  expect(vectors.rejoinCode).toMatch(/^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}$/)
})

test('a checkpoint is signed to the same text and read back', () => {
  const { log, size, root, note } = vectors.checkpoint
  const checkpoint = { log, size, root: Buffer.from(root, 'hex') }
  expect(signCheckpoint(checkpoint, key.privateKey, key.x)).toBe(note)
  expect(openCheckpoint(note, [newKey.x, key.x])).toEqual(checkpoint)
  expect(() => openCheckpoint(note, [newKey.x])).toThrow('not signed by the log')
  expect(() => openCheckpoint(note.replace('\n3\n', '\n4\n'), [key.x])).toThrow('not signed')
})

test('the thumbprint is that of RFC 8037, appendix A.3', () => {
  expect(thumbprint(key.x)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})

test('the hash of an empty leaf is that of RFC 6962', () => {
  expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  )
})

const [header, payload, signature] = valid[0]!.jws.split('.') as [string, string, string]
const headerOf = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
const { kid } = key
const typ = messageTypes.batch

test.each([
  ['two parts', `${header}.${payload}`],
  ['four parts', `${header}.${payload}.${signature}.x`],
  ['no signature', `${header}.${payload}.`],
  ['padding', `${header}.${payload}=.${signature}`],
  ['another spelling of the same bytes', `${header}.${payload}.${signature.slice(0, -1)}h`],
  ['alg none', `${headerOf({ alg: 'none', kid, typ })}.${payload}.${signature}`],
  ['alg HS256', `${headerOf({ alg: 'HS256', kid, typ })}.${payload}.${signature}`],
  [
    'a key in the header',
    `${headerOf({ alg: 'Ed25519', kid, typ, jwk: {} })}.${payload}.${signature}`,
  ],
])('parseJws refuses %s', (_name, compact) => {
  expect(() => parseJws(compact)).toThrow()
})

test('a signature fits one key and one text only', () => {
  const changed = parseJws(`${header}.${Buffer.from('{}').toString('base64url')}.${signature}`)
  expect(verifyJws(changed, publicKey(key.x))).toBe(false)
  const other = publicKey(generateKey().publicKey)
  expect(verifyJws(parseJws(valid[0]!.jws), other)).toBe(false)
})
