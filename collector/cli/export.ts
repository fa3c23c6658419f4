import { existsSync } from 'node:fs'
import type { EpochMs, Span } from '../../protocol/time.ts'
import { readConfig } from '../config.ts'
import { AppError } from '../error.ts'
import { exportEvidence } from '../evidence/export.ts'
import { readLogKey } from '../evidence/log-key.ts'
import { cycleAt } from '../kpi/cycle.ts'
import { dataFiles } from '../operations/data-files.ts'
import { policyAt, registerHistory } from '../register/history.ts'
import { type Reader, sqliteSnapshot } from '../store/sqlite/sqlite.ts'
import { type Command, needed, text, type Values } from './command.ts'

const details = `Works while the collector runs, and is of one moment. The file holds the whole log
of the institution with every signed message, what its figures use of the national log, and the
figures; docs/evidence.md describes it. Without a time the figures are those of the cycle so far.`

/** Writes an institution's evidence for auditors. */
export const exportCommand: Command = {
  about: 'Write the evidence of an institution, for `verify`.',
  details,
  options: {
    institution: { type: 'string', value: 'ID', about: 'Whose evidence.' },
    out: { type: 'string', value: 'FILE', about: 'Where to; must not exist.' },
    from: {
      type: 'string',
      value: 'TIME',
      about: 'Figures from here, as 2027-04-01T00:00:00+04:00.',
    },
    to: { type: 'string', value: 'TIME', about: 'Figures up to here.' },
    cycle: { type: 'string', value: 'NAME', about: 'Figures of a cycle, as 2027-04.' },
  },
  run: async ({ environment, now, out, err }, values) => {
    const config = readConfig(environment)
    const file = needed(values, 'out')
    const institution = needed(values, 'institution')
    if (existsSync(file)) throw new AppError('configuration', `${file} exists already.`)
    const { database, logKey } = dataFiles(config.dataDir)
    const reader = sqliteSnapshot(database)
    try {
      const at = now()
      const { leaves, window } = await exportEvidence({
        ...{ reader, institution, file, now: at },
        window: await windowOf(reader, values, at),
        simulated: config.simulated,
        logKey: readLogKey(logKey),
        progress: (done, all) => err(`\r${done} of ${all} leaves`),
      })
      const [from, to] = [window.from, window.to].map((time) => new Date(time).toISOString())
      err('\n')
      out(`${leaves} leaves, figures from ${from} to ${to}, in ${file}\n`)
      return 0
    } finally {
      await reader.close()
    }
  },
}

async function windowOf(reader: Reader, values: Values, now: EpochMs): Promise<Span | null> {
  const [from, to, cycle] = ['from', 'to', 'cycle'].map((name) => text(values, name))
  if (cycle !== undefined && (from !== undefined || to !== undefined)) {
    throw new AppError('configuration', 'Say either --cycle or --from and --to.')
  }
  if (cycle !== undefined) return cycleNamed(cycle, reader, now)
  if (from === undefined && to === undefined) return null
  if (from === undefined || to === undefined) {
    throw new AppError('configuration', '--from and --to go together.')
  }
  const window = { from: instant('from', from), to: instant('to', to) }
  if (window.from < window.to && window.to <= now) return window
  throw new AppError('configuration', '--from must lie before --to, and --to not ahead of now.')
}

function instant(name: string, value: string): EpochMs {
  try {
    return Temporal.Instant.from(value).epochMilliseconds
  } catch (cause) {
    const message = `--${name} must be a time with its offset, as 2027-04-01T00:00:00+04:00.`
    throw new AppError('configuration', message, { cause })
  }
}

async function cycleNamed(name: string, reader: Reader, now: EpochMs): Promise<Span> {
  const entries = await reader.entries()
  const { timezone, cycleMonths } = policyAt(registerHistory(entries), now)
  const firstAt = entries.reduce((at, { effectiveFrom }) => Math.min(at, effectiveFrom), now)
  let cycle = cycleAt(now, timezone, cycleMonths)
  while (cycle.id !== name && cycle.from > firstAt) {
    cycle = cycleAt(cycle.from - 1, timezone, cycleMonths)
  }
  if (cycle.id !== name) throw new AppError('configuration', `There was no cycle ${name}.`)
  return { from: cycle.from, to: Math.min(cycle.to, now) }
}
