import type { KeyObject } from 'node:crypto'
import { messageLeaf } from '../../../collector/evidence/leaf.ts'
import type { MessageRow } from '../../../collector/store/logs.ts'
import { messageTypes, parseJws, sha256, signJws } from '../../../protocol/jws.ts'
import { batches } from './edit.ts'
import { entryOf, type Line, places, rewritten, setEntry } from './file.ts'
import type { Mutant } from './mutant.ts'
import { payloadOf, type World } from './world.ts'

/** Puts another message into a leaf, with the entry that belongs to it. */
function setMessage(line: Line, jws: string): void {
  const { agent, epoch, seq, through, received, timeClass, offset, anchoredAt } = entryOf(line)
  const dating = { timeClass, offsetMs: offset, anchoredAt }
  const row = { type: 'batch', epoch, seq, through, received, dating, sha256: sha256(jws), jws }
  line.entry = messageLeaf(String(line.log), String(agent), row as MessageRow).entry
  line.jws = jws
}

/** The batch with its outages gone, signed by this key in that name. */
function whitewashed(line: Line, key: KeyObject, kid: string): string {
  const payload = payloadOf(String(line.jws))
  const runs = (payload.runs as Line[]).map(({ reason: _, ...run }) => ({ ...run, state: 'up' }))
  return signJws(messageTypes.batch, { ...payload, runs }, key, kid)
}

/** The first leaf whose message tells of an outage. */
function outage(leaves: readonly Line[]): Line {
  const isOutage = (i: number) =>
    JSON.stringify(payloadOf(String(leaves[i]!.jws))).includes('"down"')
  return leaves[batches(leaves).find(isOutage)!]!
}

type Rewrite = {
  readonly name: string
  readonly of?: 'health' | 'roads' | 'ports'
  readonly change: (leaves: Line[], world: World, header: Line) => void
}

/** Everything that the log key can sign fits again; what agents signed does not. */
const shown: readonly Rewrite[] = [
  {
    name: 'a batch is cut out of the middle',
    change: (leaves) => void leaves.splice(batches(leaves)[3]!, 1),
  },
  {
    name: 'two batches are cut out of the middle',
    change: (leaves) => {
      leaves.splice(batches(leaves)[3]!, 1)
      leaves.splice(batches(leaves)[3]!, 1)
    },
  },
  {
    name: 'a declared loss is cut out',
    of: 'roads',
    change: (leaves) => void leaves.splice(places(leaves, ({ kind }) => kind === 'gap')[0]!, 1),
  },
  {
    name: 'a batch comes twice',
    change: (leaves) => {
      const [place] = batches(leaves)
      leaves.splice(place! + 1, 0, structuredClone(leaves[place!]!))
    },
  },
  {
    name: 'two batches change places',
    change: (leaves) => {
      const [, a, b] = batches(leaves)
      ;[leaves[a!], leaves[b!]] = [leaves[b!]!, leaves[a!]!]
    },
  },
  {
    name: 'an outage is whitewashed under the signature that was there',
    of: 'roads',
    change: (leaves, { stranger }) => {
      const line = outage(leaves)
      const { kid } = parseJws(String(line.jws))
      const forged = whitewashed(line, stranger.key, kid).split('.')
      const signature = String(line.jws).split('.')[2]
      setMessage(line, [...forged.slice(0, 2), signature].join('.'))
    },
  },
  {
    name: 'an outage is whitewashed and signed by a strange key in the name of the agent',
    of: 'roads',
    change: (leaves, { stranger }) => {
      const line = outage(leaves)
      setMessage(line, whitewashed(line, stranger.key, parseJws(String(line.jws)).kid))
    },
  },
  {
    name: 'an outage is whitewashed and signed by a strange key',
    of: 'roads',
    change: (leaves, { stranger }) => {
      const line = outage(leaves)
      setMessage(line, whitewashed(line, stranger.key, stranger.kid))
    },
  },
  {
    name: 'an outage is whitewashed and signed by the log key',
    of: 'roads',
    change: (leaves, { logKey }) => {
      const line = outage(leaves)
      setMessage(line, whitewashed(line, logKey.key, logKey.kid))
    },
  },
  {
    name: 'the enrolment names another key, and the messages stay',
    change: (leaves, { stranger }) => {
      const place = places(leaves, ({ what }) => String(what).startsWith('agent/'))[0]!
      setEntry(leaves[place]!, ({ after, ...entry }) => ({
        ...entry,
        after: { ...(after as Line), publicKey: stranger.publicKey, kid: stranger.kid },
      }))
    },
  },
  {
    name: 'the change of an agent’s key is cut out',
    change: (leaves) =>
      void leaves.splice(places(leaves, ({ kind }) => kind === 'rotation')[0]!, 1),
  },
  {
    name: 'the release after a quarantine is cut out',
    of: 'ports',
    change: (leaves) =>
      void leaves.splice(places(leaves, ({ what }) => /\/key$/.test(String(what)))[0]!, 1),
  },
  {
    name: 'a date that cannot be',
    change: (leaves) => {
      const line = leaves[batches(leaves)[2]!]!
      setEntry(line, ({ offset, ...entry }) => ({
        ...entry,
        offset: Number(offset) - 9 * 86_400_000,
      }))
    },
  },
  {
    name: 'a workload of another institution',
    of: 'roads',
    change: (leaves) => {
      const [place] = places(leaves, ({ what }) => String(what).includes('/workload/'))
      setEntry(leaves[place!]!, (entry) => {
        return { ...entry, what: String(entry.what).replace('/roads/', '/health/') }
      })
    },
  },
  {
    name: 'the change of the log key is cut out and the header names the newest',
    change: (leaves, { logKey, stranger }, header) => {
      const [place] = places(leaves, ({ kind }) => kind === 'log-key')
      setEntry(leaves[place!]!, (entry) => ({ ...entry, from: logKey.publicKey }))
      header.logKey = stranger.publicKey
    },
  },
]

/** All of it fits: only what others kept is against it. */
const hidden: readonly Rewrite[] = [
  {
    name: 'a dispute was granted whole, not half',
    change: (leaves) => {
      const [, place] = places(leaves, ({ what }) => String(what).includes('/dispute/'))
      setEntry(leaves[place!]!, ({ after, ...entry }) => {
        const { decision, from, to, claim, ...rest } = after as Line
        const granted = { from, to, ...(claim as Line) }
        const whole = { ...(decision as Line), granted }
        return { ...entry, after: { ...rest, from, to, claim, decision: whole } }
      })
    },
  },
  {
    name: 'a breach was exempt: the exemption was of another workload',
    of: 'roads',
    change: (leaves) => {
      for (const place of places(leaves, ({ what }) => String(what).includes('/exemption/'))) {
        const other = (act: unknown) => act && { ...(act as Line), workload: 'licences' }
        setEntry(leaves[place]!, ({ before, after, ...entry }) => {
          return { ...entry, before: other(before), after: other(after) }
        })
      }
    },
  },
  {
    name: 'the roadmap was never approved',
    of: 'roads',
    change: (leaves) => {
      const [, place] = places(leaves, ({ what }) => String(what).includes('/baseline/'))
      leaves.splice(place!, 1)
    },
  },
  {
    name: 'a workload was never registered',
    of: 'ports',
    change: (leaves) => {
      const [place] = places(leaves, ({ what }) => String(what).includes('/workload/'))
      leaves.splice(place!, 1)
    },
  },
  {
    name: 'the logs are cut off at their end',
    change: (leaves) => void leaves.splice(-40),
  },
  {
    name: 'the last half hour of an agent is cut off',
    change: (leaves) => {
      for (const place of batches(leaves).slice(-3).reverse()) leaves.splice(place, 1)
      leaves.splice(places(leaves, ({ kind }) => kind === 'rotation')[0]!, 1)
    },
  },
  {
    name: 'an agent was never there',
    of: 'roads',
    change: (leaves) => {
      const own = (line: Line) =>
        line.jws !== undefined || String(entryOf(line).what).startsWith('agent/')
      const kept = leaves.filter((line) => !own(line))
      leaves.splice(0, leaves.length, ...kept)
    },
  },
  {
    name: 'the register was always otherwise',
    change: (leaves) => {
      const place = places(leaves, ({ what }) => String(what).includes('/environment/'))[0]!
      setEntry(leaves[place]!, ({ after, ...entry }) => ({
        ...entry,
        after: { ...(after as Line), criticality: 'supporting' },
      }))
    },
  },
  {
    name: 'the policy was always otherwise',
    change: (leaves) => {
      const [place] = places(leaves, ({ what }) => what === 'policy/continuityTargetRatio')
      setEntry(leaves[place!]!, ({ after, ...entry }) => ({
        ...entry,
        after: { ...(after as Line), value: 0.5 },
      }))
    },
  },
  {
    name: 'the collector did not run when a host was down',
    of: 'roads',
    change: (leaves) => {
      const all = places(leaves, ({ kind }) => kind === 'liveness').slice(20, 30)
      for (const place of all.reverse()) leaves.splice(place, 1)
    },
  },
  {
    name: 'a batch was dated so that it does not count',
    of: 'roads',
    change: (leaves) => setEntry(outage(leaves), (entry) => ({ ...entry, timeClass: 'C' })),
  },
  {
    name: 'a quarantine was never explained as it was',
    of: 'ports',
    change: (leaves) => {
      const [place] = places(leaves, ({ after }) => after === 'quarantined')
      setEntry(leaves[place!]!, (entry) => ({ ...entry, why: 'maintenance' }))
    },
  },
]

/** Exports in which leaves were changed and everything was signed anew. */
export const rewrites: readonly Mutant[] = [
  ...shown.map(({ name, of = 'health', change }): Mutant => {
    const make = async (world: World) => ({ lines: await remade(world, of, change) })
    return { name: `signed anew: ${name}`, shownBy: 'file', make }
  }),
  ...hidden.map(({ name, of = 'health', change }): Mutant => {
    const make = async (world: World) => ({
      lines: await remade(world, of, change),
      receipts: world.receipts[of],
    })
    return { name: `signed anew: ${name}`, shownBy: 'outside', make }
  }),
]

function remade(world: World, of: 'health' | 'roads' | 'ports', change: Rewrite['change']) {
  const { exports, logKey } = world
  return rewritten(exports[of], logKey, (leaves, header) => change(leaves, world, header))
}
