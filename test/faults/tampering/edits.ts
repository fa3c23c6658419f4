import { leafHash } from '../../../protocol/merkle.ts'
import { entryOf, type Line, places, renumber, setEntry } from './file.ts'
import { payloadOf, type World } from './world.ts'

/** A change of an export's lines, made by hand: nothing is made to fit again. */
export type Edit = {
  readonly name: string
  readonly of: 'health' | 'roads' | 'ports'
  readonly change: (lines: Line[], world: World) => void
}

/** Where the batches are. */
export function batches(lines: readonly Line[]): number[] {
  return places(lines, ({ kind }) => kind === 'batch')
}

function kinds(lines: readonly Line[], wanted: string): number[] {
  return places(lines, ({ kind }) => kind === wanted)
}

function acts(lines: readonly Line[], about: string): number[] {
  return places(lines, ({ what }) => String(what).startsWith(about))
}

function notes(lines: readonly Line[], log: string): number[] {
  return lines.flatMap((line, i) =>
    String(line.checkpoint ?? '').startsWith(`istimrar/${log}\n`) ? [i] : [],
  )
}

function change(lines: Line[], place: number | undefined, fields: (entry: Line) => Line): void {
  setEntry(lines[place!]!, (entry) => ({ ...entry, ...fields(entry) }))
}

function take(lines: Line[], place: number | undefined, count = 1): Line[] {
  return lines.splice(place!, count)
}

function swap(lines: Line[], a: number | undefined, b: number | undefined): void {
  ;[lines[a!], lines[b!]] = [lines[b!]!, lines[a!]!]
}

/** The figure of the cycle of the institution. */
export function cycleOf(
  lines: readonly Line[],
): { low: Line; sums: Record<string, number> } & Line {
  const figures = lines[0]!.figures as { institution: { continuity: { cycle: never } } }
  return figures.institution.continuity.cycle
}

const leafEdits: Edit[] = [
  {
    name: 'the reason of an act',
    of: 'health',
    change: (lines) => change(lines, acts(lines, 'institution/')[0], () => ({ why: 'so' })),
  },
  {
    name: 'a register entry: less critical from the start',
    of: 'health',
    change: (lines) =>
      change(lines, acts(lines, 'institution/health/environment/')[0], ({ after }) => ({
        after: { ...(after as Line), criticality: 'supporting' },
      })),
  },
  {
    name: 'a register entry: in force later',
    of: 'health',
    change: (lines) =>
      change(lines, acts(lines, 'institution/health/environment/')[0], ({ effectiveFrom }) => ({
        effectiveFrom: Number(effectiveFrom) + 600_000,
      })),
  },
  {
    name: 'the policy: another target',
    of: 'health',
    change: (lines) =>
      change(lines, acts(lines, 'policy/continuityTargetRatio')[0], ({ after }) => ({
        after: { ...(after as Line), value: 0.5 },
      })),
  },
  {
    name: 'when a batch arrived',
    of: 'roads',
    change: (lines) => change(lines, batches(lines)[1], () => ({ received: 1_795_299_000_001 })),
  },
  {
    name: 'the date of a batch is doubted, so that its outage does not count',
    of: 'roads',
    change: (lines) => change(lines, batches(lines).at(-1), () => ({ timeClass: 'C' })),
  },
  {
    name: 'the date of a batch, an hour off',
    of: 'roads',
    change: (lines) =>
      change(lines, batches(lines)[2], ({ offset }) => ({ offset: Number(offset) - 3_600_000 })),
  },
  {
    name: 'the number of a batch',
    of: 'roads',
    change: (lines) => change(lines, batches(lines)[2], ({ seq }) => ({ seq: Number(seq) + 1 })),
  },
  {
    name: 'the very first leaf',
    of: 'health',
    change: (lines) => change(lines, places(lines, () => true)[0], () => ({ at: 1 })),
  },
  {
    name: 'the very last leaf of the log, in a subtree that is not full',
    of: 'health',
    change: (lines) =>
      change(lines, batches(lines).at(-1), ({ offset }) => ({ offset: Number(offset) + 1 })),
  },
  {
    name: 'the last leaf of the national log',
    of: 'health',
    change: (lines) =>
      change(lines, kinds(lines, 'liveness').at(-1), ({ at }) => ({ at: Number(at) - 1 })),
  },
  {
    name: 'an enrolment names another key',
    of: 'health',
    change: (lines, { stranger }) =>
      change(lines, acts(lines, 'agent/')[0], ({ after }) => ({
        after: { ...(after as Line), publicKey: stranger.publicKey, kid: stranger.kid },
      })),
  },
  {
    name: 'a quarantine never was',
    of: 'ports',
    change: (lines) =>
      change(lines, places(lines, ({ after }) => after === 'quarantined')[0], () => ({
        after: 'active',
      })),
  },
  {
    name: 'a release goes to another key',
    of: 'ports',
    change: (lines, { stranger }) =>
      change(lines, places(lines, ({ what }) => /\/key$/.test(String(what)))[0], ({ after }) => ({
        after: { ...(after as Line), publicKey: stranger.publicKey, kid: stranger.kid },
      })),
  },
]

const orderEdits: Edit[] = [
  {
    name: 'a batch is cut out',
    of: 'health',
    change: (lines) => void take(lines, batches(lines)[3]),
  },
  {
    name: 'a batch is cut out, the numbers fit again',
    of: 'health',
    change: (lines) => {
      take(lines, batches(lines)[3])
      renumber(lines)
    },
  },
  {
    name: 'the last batch is cut out, the numbers fit again',
    of: 'health',
    change: (lines) => {
      take(lines, batches(lines).at(-1))
      renumber(lines)
    },
  },
  {
    name: 'a declared loss is cut out, the numbers fit again',
    of: 'roads',
    change: (lines) => {
      take(lines, kinds(lines, 'gap')[0])
      renumber(lines)
    },
  },
  {
    name: 'a batch comes twice, the numbers fit again',
    of: 'health',
    change: (lines) => {
      const [place] = batches(lines)
      lines.splice(place! + 1, 0, structuredClone(lines[place!]!))
      renumber(lines)
    },
  },
  {
    name: 'two batches change places',
    of: 'health',
    change: (lines) => swap(lines, batches(lines)[1], batches(lines)[2]),
  },
  {
    name: 'two batches change places, the numbers fit again',
    of: 'health',
    change: (lines) => {
      swap(lines, batches(lines)[1], batches(lines)[2])
      renumber(lines)
    },
  },
  {
    name: 'two minutes of liveness change places, the numbers fit again',
    of: 'health',
    change: (lines) => {
      swap(lines, kinds(lines, 'liveness')[5], kinds(lines, 'liveness')[6])
      renumber(lines)
    },
  },
  {
    name: 'minutes of liveness are cut out: an outage that never was',
    of: 'health',
    change: (lines) => {
      take(lines, kinds(lines, 'liveness')[20])
      take(lines, kinds(lines, 'liveness')[20])
      renumber(lines)
    },
  },
  {
    name: 'a minute of liveness is put into an outage',
    of: 'health',
    change: (lines) => {
      const all = kinds(lines, 'liveness')
      const [place] = all.filter((line, i) => i > 0 && gapBefore(lines, all[i - 1]!, line) > 90_000)
      const at = Number(entryOf(lines[place!]).at) - 60_000
      const entry = JSON.stringify({ v: 1, kind: 'liveness', at })
      lines.splice(place!, 0, { log: 'national', index: 0, entry })
      renumber(lines)
    },
  },
  {
    name: 'the leaf of another institution is put in',
    of: 'health',
    change: (lines, { exports }) => {
      lines.splice(20, 0, exports.roads[batches(exports.roads)[0]!]!)
    },
  },
  {
    name: 'the leaf of another institution is put in as our own',
    of: 'health',
    change: (lines, { exports }) => {
      const foreign = structuredClone(exports.roads[batches(exports.roads)[0]!]!) as Line
      lines.splice(20, 0, { ...foreign, log: 'health' })
      renumber(lines)
    },
  },
  {
    name: 'the log ends an hour early, the sizes as they were',
    of: 'health',
    change: (lines) => void take(lines, -60, 59),
  },
]

function gapBefore(lines: readonly Line[], before: number, after: number): number {
  return Number(entryOf(lines[after]).at) - Number(entryOf(lines[before]).at)
}

const messageEdits: Edit[] = [
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

const logEdits: Edit[] = [
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

const figureEdits: Edit[] = [
  {
    name: 'a digit of a ratio',
    of: 'roads',
    change: (lines) => {
      const { low } = cycleOf(lines)
      low.ratio = Number(low.ratio) + 1e-12
    },
  },
  {
    name: 'a percentage as it is written',
    of: 'roads',
    change: (lines) => {
      cycleOf(lines).low.percent = '99.99'
    },
  },
  {
    name: 'unknown minutes are left out of the sums',
    of: 'ports',
    change: (lines) => {
      const { sums } = cycleOf(lines)
      sums.eligibleMs! -= sums.unknownMs!
      sums.unknownMs = 0
    },
  },
  {
    name: 'unknown minutes count as up',
    of: 'ports',
    change: (lines) => {
      const { sums } = cycleOf(lines)
      sums.upMs! += sums.unknownMs!
      sums.unknownMs = 0
    },
  },
  {
    name: 'down time becomes the fault of the centre',
    of: 'roads',
    change: (lines) => {
      const { sums } = cycleOf(lines)
      sums.centreMs! += sums.downMs!
      sums.downMs = 0
    },
  },
  {
    name: 'an environment is not shown',
    of: 'roads',
    change: (lines) => void Object.assign(lines[0]!.figures as Line, { environments: [] }),
  },
  {
    name: 'another window, the same figures',
    of: 'roads',
    change: (lines) => {
      const window = lines[0]!.window as { from: number; to: number }
      lines[0]!.window = { from: window.from, to: window.to - 1_800_000 }
    },
  },
  {
    name: 'figures of another engine',
    of: 'roads',
    change: (lines) => void Object.assign(lines[0]!.figures as Line, { engine: '9.9.9' }),
  },
]

const shapeEdits: Edit[] = [
  {
    name: 'a field that no line has',
    of: 'health',
    change: (lines) => void Object.assign(lines[5]!, { note: 'trust me' }),
  },
  {
    name: 'a line after the end',
    of: 'health',
    change: (lines) => void lines.push(structuredClone(lines[3]!)),
  },
  { name: 'the end is missing', of: 'health', change: (lines) => void lines.pop() },
  {
    name: 'liveness is withheld: an outage that never was',
    of: 'health',
    change: (lines) => {
      for (const place of kinds(lines, 'liveness').slice(20, 25)) withhold(lines, place)
    },
  },
  {
    name: 'a policy setting that figures need is withheld',
    of: 'health',
    change: (lines) => withhold(lines, acts(lines, 'policy/degradedCountsAsUp')[0]!),
  },
]

/** Leaves the hash alone of a national leaf: the tree stays right. */
function withhold(lines: Line[], place: number): void {
  const { log, index } = lines[place]!
  lines[place] = { log, index, hash: hashOf(lines[place]!) }
}

export const edits: readonly Edit[] = [
  ...leafEdits,
  ...orderEdits,
  ...messageEdits,
  ...logEdits,
  ...figureEdits,
  ...shapeEdits,
]

function hashOf({ entry }: Line): string {
  return leafHash(Buffer.from(String(entry))).toString('hex')
}
