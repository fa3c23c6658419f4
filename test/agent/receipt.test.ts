import { describe, expect, test } from 'vitest'
import { readReceipt, signerOfReceipt } from '../../agent/receipt.ts'
import { signCheckpoint } from '../../protocol/checkpoint.ts'
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
const before = generateKey()
const log = {
  ...{ id: 'ministry', kid: thumbprint(x), key: publicKey(x) },
  keys: [before.publicKey, x],
}
const message = { epoch: 2, seq: 7, jws: 'the message' }
const receipt = {
  ...{ now: 2, v: 1, log: 'ministry', agent: 'a-1', epoch: 2, seq: 7 },
  ...{ batch: sha256('the message'), leaf: 3, leafHash: sha256('leaf'), received: 1 },
}

function sign(content: object, options: { typ?: 'receipt' | 'batch'; pem?: string } = {}) {
  const key = privateKey(options.pem ?? privatePem)
  return signJws(messageTypes[options.typ ?? 'receipt'], content, key, log.kid)
}

/** A checkpoint of a log, by the present key unless another is named. */
function note(name: string, key = { privatePem, publicKey: x }): string {
  const checkpoint = { log: name, size: 3, root: Buffer.alloc(32, 7) }
  return signCheckpoint(checkpoint, privateKey(key.privatePem), key.publicKey)
}

describe('readReceipt', () => {
  test('takes the log’s word for exactly this message', () => {
    const jws = sign(receipt)
    const read = readReceipt(jws, message, 'a-1', log)
    expect(read).toEqual({ jws, received: 1, checkpoint: null })
    expect(signerOfReceipt(jws)).toBe(log.kid)
  })

  test.each([
    ['the institution’s log', 'ministry', note('ministry')],
    ['the national log', 'national', note('national')],
    ['a key that was replaced since', 'ministry', note('ministry', before)],
  ])('a checkpoint of %s comes with it', (_name, id, text) => {
    const read = readReceipt(sign({ ...receipt, checkpoint: text }), message, 'a-1', log)
    const root = '07'.repeat(32)
    expect(read?.checkpoint).toEqual({ log: id, size: 3, root, note: text })
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
    ['a checkpoint that is none', sign({ ...receipt, checkpoint: 'ministry' })],
    ['a checkpoint of another log', sign({ ...receipt, checkpoint: note('moh') })],
    [
      'a checkpoint that somebody else signed',
      sign({ ...receipt, checkpoint: note('ministry', generateKey()) }),
    ],
    [
      'a checkpoint that was changed',
      sign({ ...receipt, checkpoint: note('ministry').replace('\n3\n', '\n4\n') }),
    ],
    ['no JWS', '<html>Welcome</html>'],
    ['nothing', ''],
  ])('but not %s', (_name, text) => {
    expect(readReceipt(text, message, 'a-1', log)).toBeNull()
  })
})
