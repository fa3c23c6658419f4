import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  ensureKey,
  type Identity,
  openSigner,
  readIdentity,
  signerOf,
  writeIdentity,
} from '../../agent/identity.ts'
import { messageTypes, publicKeyText, thumbprint } from '../../protocol/jws.ts'
import { temporaryFolder } from '../support/agent-folder.ts'
import { messageVectors } from '../support/vectors.ts'

describe('the key', () => {
  test('is made once, for its owner only, and signs from then on', () => {
    const dir = join(temporaryFolder(), 'new')
    const key = ensureKey(dir)
    expect(publicKeyText(ensureKey(dir))).toBe(publicKeyText(key))
    expect(statSync(join(dir, 'agent.key')).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir)).toEqual(['agent.key'])
    expect(openSigner(dir).kid).toBe(thumbprint(publicKeyText(key)))
  })

  test('that is missing or none is said in one sentence', () => {
    const dir = temporaryFolder()
    expect(() => openSigner(dir)).toThrow(/agent\.key is missing\.$/)
    writeFileSync(join(dir, 'agent.key'), 'secret')
    expect(() => openSigner(dir)).toThrow(/does not hold a private key\.$/)
  })
})

test('the identity is kept as it is', () => {
  const dir = temporaryFolder()
  expect(readIdentity(dir)).toBeNull()
  const identity: Identity = {
    ...{ agent: 'a-1', institution: 'moh', environment: 'portal', name: 'web-1', enrolledAt: 1 },
    collector: 'https://istimrar.example.om',
    log: { id: 'moh', publicKey: 'x', kid: 'y' },
  }
  writeIdentity(dir, identity)
  expect(readIdentity(dir)).toEqual(identity)
  expect(readdirSync(dir)).toEqual(['identity.json'])
})

const { key, valid } = messageVectors()
test.each(valid)(
  'a $type is signed to the byte as the vectors have it',
  ({ type, payload, jws }) => {
    const signer = signerOf(key.privateKey)
    expect(signer.kid).toBe(key.kid)
    expect(signer.sign(messageTypes[type], payload)).toBe(jws)
  },
)
