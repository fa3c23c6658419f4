import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogKey } from '../../../collector/evidence/log-key.ts'
import {
  type Manifest,
  manifestText,
  setFiles,
  signManifest,
} from '../../../collector/exports/manifest.ts'
import { measure } from '../../../collector/exports/text-file.ts'
import { counted, type Line, readLines, writeLines } from './file.ts'
import type { SetMutant } from './mutant.ts'

/** Changes a file's text; a change that changes nothing would prove nothing. */
function edit(folder: string, name: string, change: (text: string) => string): void {
  const file = join(folder, name)
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`Nothing was changed in ${name}.`)
  writeFileSync(file, after)
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, setFiles.manifest), 'utf8')) as Manifest
}

/** Makes the manifest name the files as they are now, and signs it. */
function resign(
  folder: string,
  key: LogKey,
  change: (manifest: Manifest) => Partial<Manifest> = () => ({}),
): void {
  const manifest = manifestOf(folder)
  const files = manifest.files.map(({ name }) => ({ name, ...measure(join(folder, name)) }))
  const text = manifestText({ ...manifest, files, ...change({ ...manifest, files }) })
  writeFileSync(join(folder, setFiles.manifest), text)
  writeFileSync(join(folder, setFiles.signature), signManifest(text, key))
}

type Change = readonly [name: string, file: string, change: (text: string) => string]

const lastOf = (text: string, from: RegExp, to: string): string => text.replace(from, to)

/** Changes of what a file says. */
const changes: readonly Change[] = [
  [
    'a percentage of the table of figures',
    'kpis.csv',
    (text) => lastOf(text, /,\d\d\.\d\d,/, ',99.99,'),
  ],
  ['a verdict of the table of figures', 'kpis.csv', (text) => lastOf(text, /not_met/, 'met')],
  [
    'a percentage of the table of readiness',
    'readiness.csv',
    (text) => lastOf(text, /,\d{1,2}\.\d\d,/, ',99.99,'),
  ],
  [
    'the status of a value that readiness rests on',
    'readiness-indicators.csv',
    (text) => lastOf(text, /,missing,/, ',measured,'),
  ],
  [
    'a criterion of the enabled share',
    'enabled.csv',
    (text) => lastOf(text, /,(unknown|fail),/, ',pass,'),
  ],
  [
    'what is done of the migration, in its table',
    'migration.csv',
    (text) => lastOf(text, /,0\.00,0,40\.00,/, ',100.00,1,40.00,'),
  ],
  [
    'a workload is validated by the word alone',
    'workloads.csv',
    (text) => lastOf(text, /,cut_over,cut_over,/, ',cut_over,validated,'),
  ],
  [
    'a proof of a move passes',
    'workloads.csv',
    (text) => lastOf(text, /,unknown,0,,pass/, ',pass,30,,pass'),
  ],
  [
    'a breach of the circular complies',
    'workloads.csv',
    (text) => lastOf(text, /,breach,overdue,/, ',compliant,measured_in_approved_cloud,'),
  ],
  [
    'a finding of the migration is not shown',
    'migration-findings.csv',
    (text) => lastOf(text, /roads,[^\r]*\r\n/, ''),
  ],
  [
    'a state of a workload as JSON',
    'migration.json',
    (text) =>
      lastOf(text, /"state": "cut_over",\n {3}"proofs"/, '"state": "validated",\n   "proofs"'),
  ],
  [
    'a row of the table of figures is cut out',
    'kpis.csv',
    (text) => lastOf(text, /\r\n[^\r]*\r\n/, '\r\n'),
  ],
  [
    'a row more in the table of figures',
    'kpis.csv',
    (text) => `${text}environment,roads,other\r\n`,
  ],
  [
    'the columns low and high change places',
    'kpis.csv',
    (text) => lastOf(text, /low_percent(.*)high_percent/, 'high_percent$1low_percent'),
  ],
  [
    'a ratio of the figures as JSON',
    'kpis.json',
    (text) => lastOf(text, /"ratio": [\d.]+/, '"ratio": 0.123'),
  ],
  [
    'an outage is not in the table of intervals',
    'intervals.csv',
    (text) => lastOf(text, /roads,[^\r]*,down,[^\r]*\r\n/, ''),
  ],
  ['an outage is shorter', 'intervals.csv', (text) => lastOf(text, /Z,(\d)\d*,down/, 'Z,$1,down')],
  [
    'an outage becomes the fault of the centre',
    'intervals.csv',
    (text) => lastOf(text, /,down,,/, ',unknown,centre,'),
  ],
  [
    'maintenance that nobody approved was approved',
    'exclusions.csv',
    (text) => lastOf(text, /,lapsed,/, ',approved,'),
  ],
  ['maintenance is not shown', 'exclusions.csv', (text) => lastOf(text, /roads,[^\r]*\r\n/, '')],
  [
    'a revision that never was',
    'revisions.csv',
    (text) => `${text}2027-04,1,2027-05-01T00:00:00.000Z,x,ministry,y\r\n`,
  ],
  [
    'a column means something else',
    'dictionary.csv',
    (text) => lastOf(text, /Low: proven/, 'Observed'),
  ],
  [
    'a column means something else as JSON',
    'dictionary.json',
    (text) => lastOf(text, /Low: proven/, 'Observed'),
  ],
]

const tables = changes.flatMap(([name, file, change]): SetMutant[] => [
  { name, of: 'roads', shownBy: 'file', change: (folder) => edit(folder, file, change) },
  {
    name: `${name}; signed anew`,
    of: 'roads',
    shownBy: 'file',
    change: (folder, { logKey }) => {
      edit(folder, file, change)
      resign(folder, logKey)
    },
  },
])

type Whole = readonly [name: string, change: SetMutant['change']]

/** Changes of what belongs together. */
const wholes: readonly Whole[] = [
  ['a table is missing', (folder) => rmSync(join(folder, 'kpis.csv'))],
  ['the manifest is missing', (folder) => rmSync(join(folder, setFiles.manifest))],
  ['the signature is missing', (folder) => rmSync(join(folder, setFiles.signature))],
  ['a file that the manifest does not name', (folder) => writeFileSync(join(folder, 'a.csv'), '')],
  [
    'a table is left out; signed anew',
    (folder, { logKey }) => {
      rmSync(join(folder, 'intervals.csv'))
      const kept = manifestOf(folder).files.filter(({ name }) => name !== 'intervals.csv')
      writeFileSync(
        join(folder, setFiles.manifest),
        manifestText({ ...manifestOf(folder), files: kept }),
      )
      resign(folder, logKey)
    },
  ],
  [
    'the evidence of another institution; signed anew',
    (folder, { logKey, exports }) => {
      writeLines(join(folder, setFiles.evidence), exports.health)
      resign(folder, logKey)
    },
  ],
  [
    'evidence cut short; signed anew',
    (folder, { logKey }) => {
      edit(folder, setFiles.evidence, (text) => text.slice(0, -100))
      resign(folder, logKey)
    },
  ],
  [
    'the manifest names another window',
    (folder) => edit(folder, setFiles.manifest, (text) => text.replace(/"to": (\d)/, '"to": 2')),
  ],
  [
    'the manifest names another window; signed anew',
    (folder, { logKey }) =>
      resign(folder, logKey, ({ window }) => ({ window: { ...window, to: window.to + 60_000 } })),
  ],
  [
    'the manifest names another institution; signed anew',
    (folder, { logKey }) => resign(folder, logKey, () => ({ institution: 'health' })),
  ],
  [
    'the manifest names a file twice; signed anew',
    (folder, { logKey }) =>
      resign(folder, logKey, ({ files }) => ({ files: [...files, files[0]!] })),
  ],
  ['the manifest is signed by a strange key', (folder, { stranger }) => resign(folder, stranger)],
  [
    'the manifest is signed by a strange key in the name of the log',
    (folder, { stranger, logKey }) => resign(folder, { ...stranger, kid: logKey.kid }),
  ],
  [
    'the manifest is signed by the log key before',
    (folder, { formerKey }) => resign(folder, formerKey),
  ],
  [
    'the signature of another manifest',
    (folder, { sets }) =>
      writeFileSync(
        join(folder, setFiles.signature),
        readFileSync(join(sets.nation, setFiles.signature)),
      ),
  ],
]

/** Changes the first line of the nation's evidence, and signs all that is signed. */
function nationEdit(change: (figures: NationLine) => void): SetMutant['change'] {
  return (folder, { logKey }) => {
    const file = join(folder, setFiles.evidence)
    const lines = readLines(file)
    change(lines[0]!.figures as NationLine)
    writeLines(file, counted(lines))
    resign(folder, logKey)
  }
}

type NationLine = {
  continuity: { cycle: { pooled: Line } }
  migration: { nation: { done: Line; compliance: Line } }
  logs: Line[]
} & Line

const nation: readonly SetMutant[] = [
  {
    name: 'a log behind the figures has fewer leaves than the national log says',
    of: 'nation',
    shownBy: 'file',
    change: nationEdit(({ logs }) => {
      logs[0]!.size = 1
    }),
  },
  {
    name: 'a figure of the nation, the tables as they were',
    of: 'nation',
    shownBy: 'file',
    change: nationEdit(({ continuity }) => {
      continuity.cycle.pooled.verdict = 'met'
    }),
  },
  {
    name: 'figures of the nation that are none',
    of: 'nation',
    shownBy: 'file',
    change: nationEdit((figures) => {
      figures.continuity = {} as NationLine['continuity']
    }),
  },
  {
    name: 'the migration of the nation, the tables as they were',
    of: 'nation',
    shownBy: 'file',
    change: nationEdit(({ migration }) => {
      migration.nation.done.percent = '100.00'
    }),
  },
  {
    name: 'the migration of the nation and its tables alike',
    of: 'nation',
    shownBy: 'outside',
    change: (folder, world) => {
      nationEdit(({ migration }) => {
        migration.nation.done = { ratio: 1, percent: '100.00' }
      })(folder, world)
      edit(folder, 'migration.csv', (text) =>
        text.replace(/(nation,,[^,]*),0\.00,0,/, '$1,100.00,1,'),
      )
      edit(folder, 'kpis.json', (text) =>
        text.replace(
          /("migration": \{[\s\S]*?"done": \{\s+"ratio": )0(,\s+"percent": )"0\.00"/,
          '$11$2"100.00"',
        ),
      )
      resign(folder, world.logKey)
    },
  },
  {
    name: 'a figure of the nation and its tables alike',
    of: 'nation',
    shownBy: 'outside',
    change: (folder, world) => {
      nationEdit(({ continuity }) => {
        continuity.cycle.pooled.verdict = 'met'
      })(folder, world)
      edit(folder, 'kpis.csv', (text) =>
        text.replace(/(nation,,,pooled,.*)(not_met|undetermined)/, '$1met'),
      )
      edit(folder, 'kpis.json', (text) =>
        text.replace(/("cycle": \{\s+"pooled": [\s\S]*?"verdict": )"\w+"/, '$1"met"'),
      )
      resign(folder, world.logKey)
    },
  },
]

/** Every way to tamper with a folder that is tried. */
export const setMutants: readonly SetMutant[] = [
  ...tables,
  ...wholes.map(([name, change]) => ({
    name,
    of: 'roads' as const,
    shownBy: 'file' as const,
    change,
  })),
  ...nation,
]
