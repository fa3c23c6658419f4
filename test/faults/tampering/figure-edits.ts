import { leafHash } from '../../../protocol/merkle.ts'
import { acts, type Edit, kinds } from './edit.ts'
import type { Line } from './file.ts'

/** Changes of the figures. */
export const figureEdits: readonly Edit[] = [
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
  sumEdit('ports', 'unknown minutes are left out of the sums', (sums) => {
    sums.eligibleMs! -= sums.unknownMs!
    sums.unknownMs = 0
  }),
  sumEdit('ports', 'unknown minutes count as up', (sums) => {
    sums.upMs! += sums.unknownMs!
    sums.unknownMs = 0
  }),
  sumEdit('roads', 'down time becomes the fault of the centre', (sums) => {
    sums.centreMs! += sums.downMs!
    sums.downMs = 0
  }),
  migrationEdit('a workload in progress counts as done', ({ done }) => {
    Object.assign(done as Line, { ratio: 1, percent: '100.00' })
  }),
  migrationEdit('a breach of the circular counts as unknown', ({ compliance }) => {
    const counts = compliance as { breach: number; unknown: number }
    counts.breach -= 1
    counts.unknown += 1
  }),
  migrationEdit('a plan that promised less', ({ schedule }) => {
    Object.assign(schedule as Line, { planned: { ratio: 0, percent: '0.00' } })
  }),
  migrationEdit('a forecast that nothing supports', ({ schedule }) => {
    const { forecast } = schedule as { forecast: Line }
    Object.assign(forecast, { status: 'forecast', finishAt: 1_800_000_000_000 })
  }),
  migrationEdit('findings are not counted', (institution) => {
    institution.findings = {}
  }),
  {
    name: 'the migration is as of another day',
    of: 'roads',
    change: (lines) => {
      migrationOf(lines).at = Number(migrationOf(lines).at) - 86_400_000
    },
  },
  {
    name: 'the migration is not told',
    of: 'roads',
    change: (lines) => void delete (lines[0]!.figures as Line).migration,
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

function sumEdit(of: Edit['of'], name: string, change: (sums: Sums) => void): Edit {
  return { name, of, change: (lines) => change(cycleOf(lines).sums) }
}

function migrationEdit(name: string, change: (institution: Line) => void): Edit {
  return { name, of: 'roads', change: (lines) => change(migrationOf(lines).institution) }
}

function migrationOf(lines: readonly Line[]): { institution: Line } & Line {
  return (lines[0]!.figures as { migration: never }).migration
}

type Sums = Record<string, number>

/** The figure of the cycle of the institution. */
function cycleOf(lines: readonly Line[]): { low: Line; sums: Sums } & Line {
  const figures = lines[0]!.figures as { institution: { continuity: { cycle: never } } }
  return figures.institution.continuity.cycle
}

/** Lines that are no export any more, and leaves of which only the hash is left. */
export const shapeEdits: readonly Edit[] = [
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

function hashOf({ entry }: Line): string {
  return leafHash(Buffer.from(String(entry))).toString('hex')
}
