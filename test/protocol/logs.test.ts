import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  CheckpointError,
  noteKeyId,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from '../../protocol/checkpoint.ts'
import { generateKey, privateKey } from '../../protocol/jws.ts'
import { emptyTree, grow, leafHash, nodeHash, rootOf } from '../../protocol/merkle.ts'
import { messageVectors } from '../support/vectors.ts'

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/logs.json', import.meta.url), 'utf8'),
) as {
  tree: { entries: string[]; roots: string[] }
  note: { name: string; keyId: string; publicKey: string }
  checkpoint: { log: string; size: number; root: string; note: string }
}
const { key } = messageVectors()

describe('the tree', () => {
  test('has the roots that Certificate Transparency published', () => {
    const { entries, roots } = vectors.tree
    let tree = emptyTree
    expect(rootOf(tree).toString('hex')).toBe(roots[0])
    for (const [i, entry] of entries.entries()) {
      tree = grow(tree, leafHash(Buffer.from(entry, 'hex')))
      expect(rootOf(tree).toString('hex')).toBe(roots[i + 1])
    }
  })

  test('is that of the recursive definition, at every size', () => {
    const leaves = Array.from({ length: 130 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)))
    const mth = (from: number, to: number): Buffer => {
      if (to - from === 1) return leaves[from]!
      const half = 2 ** Math.floor(Math.log2(to - from - 1))
      return nodeHash(mth(from, from + half), mth(from + half, to))
    }
    let tree = emptyTree
    for (const [i, leaf] of leaves.entries()) {
      tree = grow(tree, leaf)
      expect(rootOf(tree)).toEqual(mth(0, i + 1))
      expect(tree.roots).toHaveLength((i + 1).toString(2).replaceAll('0', '').length)
    }
  })
})

describe('a checkpoint', () => {
  const { note, log, size, root } = vectors.checkpoint

  test('is a signed note as others write it', () => {
    const { name, publicKey, keyId } = vectors.note
    expect(noteKeyId(name, publicKey).toString('hex')).toBe(keyId)
    const checkpoint = { log, size, root: Buffer.from(root, 'hex') }
    expect(signCheckpoint(checkpoint, key.privateKey, key.x)).toBe(note)
    expect(openCheckpoint(note, [generateKey().publicKey, key.x])).toEqual(checkpoint)
  })

  test('may carry signatures of others, and lines that this version does not know', () => {
    const witness = `${note}— witness.example/w ${Buffer.alloc(68).toString('base64')}\n`
    expect(openCheckpoint(witness, [key.x]).size).toBe(size)
    expect(parseCheckpoint(note.replace('\n\n', '\nextension\n\n')).size).toBe(size)
  })

  test.each([
    ['another size', (text: string) => text.replace('\n8\n', '\n9\n')],
    ['another root', (text: string) => text.replace('XcnaeacGW', 'YcnaeacGW')],
    ['another log', (text: string) => text.replace('health\n', 'roads\n')],
    ['a line more under the signature', (text: string) => text.replace('\n\n', '\nmore\n\n')],
    ['no signature', (text: string) => text.slice(0, text.indexOf('\n\n') + 2)],
    ['no empty line', (text: string) => text.replace('\n\n', '\n')],
    [
      'the name of another signer',
      (text: string) => text.replace('— istimrar/health', '— istimrar/roads'),
    ],
    ['a size with a leading zero', (text: string) => text.replace('\n8\n', '\n08\n')],
    ['a root that is no hash', (text: string) => text.replace(/\n[^\n]{44}\n/, '\nAAAA\n')],
    ['nothing', () => ''],
    ['too much', (text: string) => text.replace('\n\n', `\n${'x'.repeat(1_000)}\n\n`)],
  ])('with %s is refused', (_name, change) => {
    expect(() => openCheckpoint(change(note), [key.x])).toThrow(CheckpointError)
  })

  test('signed by a key that is not the log’s is refused', () => {
    const { privatePem, publicKey } = generateKey()
    const forged = signCheckpoint(parseCheckpoint(note), privateKey(privatePem), publicKey)
    expect(() => openCheckpoint(forged, [key.x])).toThrow(CheckpointError)
    expect(openCheckpoint(forged, [key.x, publicKey]).size).toBe(size)
  })
})
