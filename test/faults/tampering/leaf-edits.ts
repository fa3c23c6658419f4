import { acts, batches, change, type Edit, kinds, swap, take } from './edit.ts'
import { entryOf, type Line, places, renumber } from './file.ts'

/** Changes of what a leaf says. */
export const leafEdits: readonly Edit[] = [
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
    name: 'a workload: claimed to have gone further',
    of: 'roads',
    change: (lines) =>
      change(lines, acts(lines, 'institution/roads/workload/licences')[0], ({ after }) => ({
        after: { ...(after as Line), state: 'assessed' },
      })),
  },
  {
    name: 'the roadmap: promised for later',
    of: 'roads',
    change: (lines) =>
      change(lines, acts(lines, 'institution/roads/baseline/')[1], ({ after }) => {
        const { workloads, ...rest } = after as Line
        const later = (workloads as Line[]).map((each) => ({ ...each, finishOn: '2027-12-31' }))
        return { after: { ...rest, workloads: later } }
      }),
  },
  {
    name: 'an exemption: of another workload',
    of: 'roads',
    change: (lines) =>
      change(lines, acts(lines, 'institution/roads/exemption/')[1], ({ after }) => ({
        after: { ...(after as Line), workload: 'licences' },
      })),
  },
  {
    name: 'the approval of an exemption is cut out, the numbers fit again',
    of: 'roads',
    change: (lines) => {
      take(lines, acts(lines, 'institution/roads/exemption/')[1])
      renumber(lines)
    },
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

/** Leaves cut out, doubled, moved or put in. */
export const orderEdits: readonly Edit[] = [
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
