import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs, Span } from '../../protocol/time.ts'
import { readConfig } from '../config.ts'
import { AppError } from '../error.ts'
import { exportEvidence } from '../evidence/export.ts'
import type { NationLog } from '../evidence/export-format.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { readLogKey } from '../evidence/log-key.ts'
import { writeSet } from '../exports/write-set.ts'
import { cycleAt } from '../kpi/cycle.ts'
import { loadDefaultModel } from '../model/read-model.ts'
import { dataFiles } from '../operations/data-files.ts'
import { policyAt, registerHistory } from '../register/history.ts'
import { type Reader, sqliteSnapshot } from '../store/sqlite/sqlite.ts'
import { type Command, needed, text, type Values } from './command.ts'

const details = `Works while the collector runs, and is of one moment. The folder holds the whole
log with every signed message, all tables that follow from it, what each of their columns means, and
a manifest signed by the log key; docs/evidence.md describes it. A name that ends in .jsonl is given
to a file of the evidence alone. Without a time the figures are those of the cycle so far.`

/** Writes an institution's evidence, or the nation's, for auditors. */
export const exportCommand: Command = {
  about: 'Write evidence and figures of an institution or the nation, for `verify`.',
  details,
  options: {
    institution: { type: 'string', value: 'ID', about: 'Whose evidence.' },
    nation: { type: 'boolean', about: 'The figures of the nation and its own log.' },
    'with-institutions': {
      type: 'boolean',
      about: 'With --nation: each institution beside it, of the same moment.',
    },
    out: { type: 'string', value: 'FOLDER', about: 'Where to; must not exist.' },
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
    const to = needed(values, 'out')
    const subject = subjectOf(values)
    if (existsSync(to)) throw new AppError('configuration', `${to} exists already.`)
    const { database, logKey } = dataFiles(config.dataDir)
    const reader = sqliteSnapshot(database)
    try {
      const at = now()
      const options = {
        ...{ reader, now: at, window: await windowOf(reader, values, at) },
        simulated: config.simulated,
        draft: loadDefaultModel(),
        logKey: readLogKey(logKey),
      }
      const write = async (institution: string, path: string) => {
        const progress = (done: number, all: number) =>
          err(`\r${institution}: ${done} of ${all} leaves`)
        const whole = { ...options, institution, progress }
        const { leaves, header } = path.endsWith('.jsonl')
          ? await exportEvidence({ ...whole, file: path })
          : await writeSet(path, whole)
        const { window } = header
        const [start, end] = [window.from, window.to].map((each) => new Date(each).toISOString())
        err('\n')
        out(`${leaves} leaves, figures from ${start} to ${end}, in ${path}\n`)
        return header
      }
      const { figures } = await write(subject, to)
      if (values['with-institutions'] !== true) return 0
      const { logs } = figures as { readonly logs: readonly NationLog[] }
      for (const { log } of logs)
        await write(log, join(`${to.replace(/\/+$/, '')}-institutions`, log))
      return 0
    } finally {
      await reader.close()
    }
  },
}

function subjectOf(values: Values): string {
  const isNation = values.nation === true
  const institution = text(values, 'institution')
  if (isNation === (institution !== undefined)) {
    throw new AppError('configuration', 'Say either --institution or --nation.')
  }
  if (values['with-institutions'] === true && !isNation) {
    throw new AppError('configuration', '--with-institutions goes with --nation.')
  }
  return institution ?? nationalLog
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
