import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import { readMessage } from '../../../collector/ingest/message.ts'
import type { AgentRow } from '../../../collector/store/store.ts'
import {
  generateKey,
  messageTypes,
  privateKey,
  publicKey,
  signJws,
  thumbprint,
} from '../../../protocol/jws.ts'
import { messageVectors } from '../../support/vectors.ts'

/** Whoever cannot prove who he is gets one answer, after the same work: nobody can be guessed. */

type Party = { readonly kid: string; readonly secret: KeyObject; readonly agent: AgentRow }

function party(agent: string, status: AgentRow['status']): Party {
  const { privatePem, publicKey: text } = generateKey()
  const kid = thumbprint(text)
  const place = { institution: 'moh', environment: 'portal', name: agent, enrolledAt: 0 }
  const row: AgentRow = { agent, ...place, status, kid, publicKey: text }
  return { kid, secret: privateKey(privatePem), agent: row }
}

const ours = party('a-0000000000000001', 'active')
const other = party('a-0000000000000002', 'active')
const revoked = party('a-0000000000000003', 'revoked')
const stranger = party('a-0000000000000004', 'active')
const heartbeat = messageVectors().valid.find(({ type }) => type === 'heartbeat')!.payload
const content = (from: Party) => ({ ...heartbeat, agent: from.agent.agent })
const { heartbeat: typ } = messageTypes

/** A ring of keys that counts how often one was taken out to check a signature. */
function ring() {
  const members = [ours, other, revoked]
  const decoy = publicKey(generateKey().publicKey)
  let checks = 0
  const counted = (key: KeyObject) => {
    checks += 1
    return key
  }
  return {
    find: (kid: string) => {
      const member = members.find((each) => each.kid === kid)
      if (!member) return null
      const { agent } = member
      return {
        agent,
        get key() {
          return counted(publicKey(agent.publicKey))
        },
      }
    },
    get decoy() {
      return counted(decoy)
    },
    checks: () => checks,
  }
}

function read(jws: string) {
  const keys = ring()
  try {
    const { agent } = readMessage(Buffer.from(jws), [typ], keys)
    return { agent: agent.agent, checks: keys.checks() }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, detail } = error
    return { code, message, detail, checks: keys.checks() }
  }
}

const good = signJws(typ, content(ours), ours.secret, ours.kid)
const [header, payload, signature] = good.split('.') as [string, string, string]
const refused = {
  code: 'auth',
  message: 'The message is not signed by an enrolled agent.',
  detail: {},
}

test('an agent of ours is known by one signature check', () => {
  expect(read(good)).toEqual({ agent: ours.agent.agent, checks: 1 })
})

describe('one answer, one signature check', () => {
  test.each<[string, string]>([
    ['a stranger', signJws(typ, content(stranger), stranger.secret, stranger.kid)],
    ['a revoked agent', signJws(typ, content(revoked), revoked.secret, revoked.kid)],
    ['a revoked name', signJws(typ, content(ours), stranger.secret, revoked.kid)],
    ['the name of another', signJws(typ, content(ours), stranger.secret, ours.kid)],
    ['the content of another', signJws(typ, content(other), ours.secret, ours.kid)],
    ['a signature that was changed', `${header}.${payload}.${'A'.repeat(86)}`],
    ['a content that was changed', `${header}.${payload.slice(0, -4)}AAAA.${signature}`],
    ['no content', signJws(typ, {}, stranger.secret, 'A'.repeat(43))],
  ])('%s', (_name, jws) => {
    expect(read(jws)).toEqual({ ...refused, checks: 1 })
  })
})

describe('the same answer to what is no message of this protocol', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const headed = (fields: object) => `${part({ kid: ours.kid, typ, ...fields })}.${payload}`
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const es256 = () => {
    const input = headed({ alg: 'ES256' })
    const options = { key: p256, dsaEncoding: 'ieee-p1363' } as const
    return `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`
  }
  test.each<[string, () => string]>([
    ['alg none', () => `${headed({ alg: 'none' })}.${signature}`],
    ['alg none without a signature', () => `${headed({ alg: 'none' })}.`],
    ['alg HS256', () => `${headed({ alg: 'HS256' })}.${signature}`],
    ['alg ES256', es256],
    ['alg EdDSA', () => `${headed({ alg: 'EdDSA' })}.${signature}`],
    ['no alg', () => `${headed({})}.${signature}`],
    ['a key brought along', () => `${headed({ alg: 'Ed25519', jwk: {} })}.${signature}`],
    ['a critical header', () => `${headed({ alg: 'Ed25519', crit: ['b64'] })}.${signature}`],
    ['kid as a number', () => `${part({ alg: 'Ed25519', kid: 7, typ })}.${payload}.${signature}`],
    ['a header that is no object', () => `${part([])}.${payload}.${signature}`],
    ['a header that is null', () => `${Buffer.from('null').toString('base64url')}.${payload}.a`],
    ['four parts', () => `${good}.a`],
    ['padding', () => `${good}==`],
    ['a space', () => `${good} `],
    ['another spelling of the last bits', () => `${header}.${payload}.${signature.slice(0, -1)}B`],
    ['nothing', () => ''],
    ['garbage', () => '\u00ff\u0000.\u0001.\u0002'],
  ])('%s', (_name, jws) => {
    expect(read(jws())).toMatchObject(refused)
  })
})
