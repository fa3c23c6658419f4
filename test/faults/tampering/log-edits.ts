import { batches, change, type Edit, kinds, notes, take } from './edit.ts'
import { type Line, renumber } from './file.ts'
import { payloadOf } from './world.ts'

/** Changes of messages. */
export const messageEdits: readonly Edit[] = [
  {
    name: 'a down becomes an up in the message',
    of: 'roads',
    change: (lines) => {
      const place = batches(lines).find((i) => String(payloadText(lines[i]!)).includes('"down"'))!
      const [header, , signature] = String(lines[place]!.jws).split('.')
      const text = payloadText(lines[place]!).replace('"state":"down"', '"state":"up"')
      lines[place]!.jws = `${header}.${Buffer.from(text).toString('base64url')}.${signature}`
    },
  },
  {
    name: 'the message of another batch stands in its place',
    of: 'health',
    change: (lines) => {
      const [first, second] = batches(lines)
      lines[second!]!.jws = lines[first!]!.jws
    },
  },
  {
    name: 'the message of another agent stands in its place',
    of: 'health',
    change: (lines, { exports }) => {
      lines[batches(lines)[0]!]!.jws = exports.roads[batches(exports.roads)[0]!]!.jws
    },
  },
  {
    name: 'one bit of a signature',
    of: 'health',
    change: (lines) => {
      const line = lines[batches(lines)[4]!]!
      const parts = String(line.jws).split('.')
      const bytes = Buffer.from(parts[2]!, 'base64url')
      bytes[7]! ^= 1
      line.jws = [...parts.slice(0, 2), bytes.toString('base64url')].join('.')
    },
  },
  {
    name: 'a message is left out, its entry stays',
    of: 'health',
    change: (lines) => void delete lines[batches(lines)[0]!]!.jws,
  },
  {
    name: 'a leaf of the institution is withheld',
    of: 'health',
    change: (lines) => {
      const place = batches(lines)[0]!
      lines[place] = { log: 'health', index: lines[place]!.index, hash: '00'.repeat(32) }
    },
  },
]

function payloadText(line: Line): string {
  return JSON.stringify(payloadOf(String(line.jws)))
}

/** Changes of checkpoints, commitments, keys and the header. */
export const logEdits: readonly Edit[] = [
  {
    name: 'a checkpoint names another root',
    of: 'health',
    change: (lines) => {
      const line = lines[notes(lines, 'health')[1]!]!
      const other = lines[notes(lines, 'health')[0]!]!
      const [origin, size, , ...rest] = String(line.checkpoint).split('\n')
      line.checkpoint = [origin, size, String(other.checkpoint).split('\n')[2], ...rest].join('\n')
    },
  },
  {
    name: 'a checkpoint stands elsewhere',
    of: 'health',
    change: (lines) => {
      const [line] = take(lines, notes(lines, 'national')[0])
      lines.splice(-10, 0, line!)
    },
  },
  {
    name: 'a commitment names another root',
    of: 'health',
    change: (lines) =>
      change(lines, kinds(lines, 'heads')[1], ({ logs }) => ({
        logs: (logs as Line[]).map((log) => ({ ...log, root: '00'.repeat(32) })),
      })),
  },
  {
    name: 'a commitment is cut out, the numbers fit again',
    of: 'health',
    change: (lines) => {
      take(lines, kinds(lines, 'heads')[1])
      renumber(lines)
    },
  },
  {
    name: 'the log key changes to another',
    of: 'health',
    change: (lines, { stranger }) =>
      change(lines, kinds(lines, 'log-key')[0], () => ({ from: stranger.publicKey })),
  },
  {
    name: 'the change of the log key is cut out, the numbers fit again',
    of: 'health',
    change: (lines) => {
      take(lines, kinds(lines, 'log-key')[0])
      renumber(lines)
    },
  },
  {
    name: 'the header names another first key',
    of: 'health',
    change: (lines, { stranger }) => void Object.assign(lines[0]!, { logKey: stranger.publicKey }),
  },
  {
    name: 'the header claims more leaves',
    of: 'health',
    change: (lines) => void Object.assign(lines[0]!, { sizes: { health: 99, national: 300 } }),
  },
  {
    name: 'the header names another institution',
    of: 'health',
    change: (lines) => void Object.assign(lines[0]!, { institution: 'roads' }),
  },
]
