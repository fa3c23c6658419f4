import { describe, expect, test } from 'vitest'
import { isReceiptFor } from '../../agent/receipt.ts'
import {
  generateKey,
  messageTypes,
  privateKey,
  publicKey,
  sha256,
  signJws,
  thumbprint,
} from '../../protocol/jws.ts'

const { privatePem, publicKey: x } = generateKey()
const log = { id: 'ministry', kid: thumbprint(x), key: publicKey(x) }
const message = { epoch: 2, seq: 7, jws: 'the message' }
const receipt = {
  ...{ now: 2, v: 1, log: 'ministry', agent: 'a-1', epoch: 2, seq: 7 },
  ...{ batch: sha256('the message'), leaf: 3, leafHash: sha256('leaf'), received: 1 },
}

function sign(content: object, options: { typ?: 'receipt' | 'batch'; pem?: string } = {}) {
  const key = privateKey(options.pem ?? privatePem)
  return signJws(messageTypes[options.typ ?? 'receipt'], content, key, log.kid)
}

describe('isReceiptFor', () => {
  test('the log’s word for exactly this message', () => {
    expect(isReceiptFor(sign(receipt), message, 'a-1', log)).toBe(true)
    const withCheckpoint = { ...receipt, checkpoint: 'ministry' }
    expect(isReceiptFor(sign(withCheckpoint), message, 'a-1', log)).toBe(true)
  })

  test.each([
    ['another agent', sign({ ...receipt, agent: 'a-2' })],
    ['another log', sign({ ...receipt, log: 'moh' })],
    ['a receipt without its leaf', sign({ ...receipt, leaf: undefined })],
    ['a leaf that is no number', sign({ ...receipt, leaf: '3' })],
    ['an unknown field', sign({ ...receipt, colour: 'green' })],
    ['another version', sign({ ...receipt, v: 2 })],
    ['another epoch', sign({ ...receipt, epoch: 1 })],
    ['another number', sign({ ...receipt, seq: 8 })],
    ['other bytes', sign({ ...receipt, batch: sha256('another message') })],
    ['no receipt but some other message', sign(receipt, { typ: 'batch' })],
    ['another key', sign(receipt, { pem: generateKey().privatePem })],
    ['a changed signature', `${sign(receipt).slice(0, -4)}AAAA`],
    ['no JWS', '<html>Welcome</html>'],
    ['nothing', ''],
  ])('not for %s', (_name, text) => {
    expect(isReceiptFor(text, message, 'a-1', log)).toBe(false)
  })
})
