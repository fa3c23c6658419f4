import type { KeyObject } from 'node:crypto'
import { signCheckpoint } from '../../../protocol/checkpoint.ts'
import { messageTypes, signJws } from '../../../protocol/jws.ts'
import { emptyTree, rootOf } from '../../../protocol/merkle.ts'
import { type Line, places, rewritten } from './file.ts'
import type { Mutant } from './mutant.ts'
import { notesIn, payloadOf, type World } from './world.ts'

/** Leaves the messages of an agent but makes every key of the log another. */
async function withStrangeKeys({ exports, stranger }: World): Promise<Line[]> {
  return rewritten(exports.health, stranger, (leaves, header) => {
    leaves.splice(places(leaves, ({ kind }) => kind === 'log-key')[0]!, 1)
    header.logKey = stranger.publicKey
  })
}

function receiptBy(key: KeyObject, kid: string, jws: string, change: Line): string {
  return signJws(messageTypes.receipt, { ...payloadOf(jws), ...change }, key, kid)
}

/** True or made by the log key throughout: what others kept is against it. */
export const outsiders: readonly Mutant[] = [
  {
    name: 'an older database was restored',
    shownBy: 'outside',
    make: ({ older, receipts }) => ({ lines: older, receipts: receipts.health }),
  },
  {
    name: 'an older database was restored, checkpoints alone',
    shownBy: 'outside',
    make: ({ older, receipts }) => ({ lines: older, checkpoints: notesIn(receipts.health) }),
  },
  {
    name: 'an older database was restored and went on by itself',
    shownBy: 'outside',
    make: ({ olderGrown, receipts }) => ({
      lines: olderGrown,
      checkpoints: notesIn(receipts.health).filter((note) => note.startsWith('istimrar/national')),
    }),
  },
  {
    name: 'all of it signed anew by another key',
    shownBy: 'outside',
    make: async (world) => ({
      lines: await withStrangeKeys(world),
      receipts: world.receipts.health,
    }),
  },
  {
    name: 'all of it signed anew by another key, checkpoints alone',
    shownBy: 'outside',
    make: async (world) => ({
      lines: await withStrangeKeys(world),
      checkpoints: notesIn(world.receipts.health),
    }),
  },
  {
    name: 'a receipt that the log key never signed',
    shownBy: 'outside',
    make: ({ exports, receipts, stranger }) => ({
      lines: exports.health,
      receipts: [receiptBy(stranger.key, stranger.kid, receipts.health[0]!, {})],
    }),
  },
  {
    name: 'a receipt signed by a strange key in the name of the log',
    shownBy: 'outside',
    make: ({ exports, receipts, stranger, logKey }) => ({
      lines: exports.health,
      receipts: [receiptBy(stranger.key, logKey.kid, receipts.health.at(-1)!, {})],
    }),
  },
  {
    name: 'the log signed a receipt for another message in the same place',
    shownBy: 'outside',
    make: ({ exports, receipts, logKey }) => ({
      lines: exports.health,
      receipts: [
        receiptBy(logKey.key, logKey.kid, receipts.health.at(-1)!, { batch: '0'.repeat(64) }),
      ],
    }),
  },
  {
    name: 'the log signed a receipt for another place',
    shownBy: 'outside',
    make: ({ exports, receipts, logKey }) => ({
      lines: exports.health,
      receipts: [receiptBy(logKey.key, logKey.kid, receipts.health.at(-1)!, { leaf: 9_999 })],
    }),
  },
  {
    name: 'the log signed another tree of the same size',
    shownBy: 'outside',
    make: ({ exports, logKey }) => ({
      lines: exports.health,
      checkpoints: [
        signCheckpoint(
          {
            log: 'health',
            size: Number((exports.health[0]!.sizes as Line).health),
            root: rootOf(emptyTree),
          },
          logKey.key,
          logKey.publicKey,
        ),
      ],
    }),
  },
]
