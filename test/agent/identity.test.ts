import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  differences,
  type Identity,
  pinnedLog,
  readIdentity,
  signerOf,
  withLogKey,
  writeIdentity,
} from '../../agent/identity.ts'
import { generateKey, messageTypes, thumbprint } from '../../protocol/jws.ts'
import { temporaryFolder } from '../support/agent-folder.ts'
import { messageVectors } from '../support/vectors.ts'

const { key, valid } = messageVectors()
const identity: Identity = {
  ...{ agent: 'a-1', institution: 'moh', environment: 'portal', name: 'web-1', enrolledAt: 1 },
  collector: 'https://istimrar.example.om',
  log: { id: 'moh', publicKey: key.x, kid: key.kid },
}

test('the identity is kept as it is', () => {
  const dir = temporaryFolder()
  expect(readIdentity(dir)).toBeNull()
  writeIdentity(dir, identity)
  expect(readIdentity(dir)).toEqual(identity)
  expect(readdirSync(dir)).toEqual(['identity.json'])
})

test('after changes of the log key the last one counts, and the others for checkpoints', () => {
  const [second, third] = [generateKey().publicKey, generateKey().publicKey]
  const later = withLogKey(withLogKey(identity, [second]), [third])
  expect(later.log).toMatchObject({ id: 'moh', publicKey: third, kid: thumbprint(third) })
  expect(pinnedLog(later).keys).toEqual([key.x, second, third])
})

test.each([
  ['nothing', {}, 0],
  ['another spelling of the address', { collector: 'https://istimrar.example.om/' }, 0],
  ['the name', { name: 'web-2' }, 1],
  ['both', { name: 'web-2', collector: 'https://other.example.om' }, 2],
])('agent.yaml differs in %s', (_name, change, count) => {
  expect(differences(identity, { ...identity, ...change })).toHaveLength(count)
})

test.each(valid)(
  'a $type is signed to the byte as the vectors have it',
  ({ type, payload, jws }) => {
    const signer = signerOf(key.privateKey)
    expect(signer.kid).toBe(key.kid)
    expect(signer.sign(messageTypes[type], payload)).toBe(jws)
  },
)
