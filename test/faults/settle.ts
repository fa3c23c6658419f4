import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { minuteMs } from '../../protocol/time.ts'
import { rootDir } from '../support/processes.ts'
import type { CollectorProcess } from './collector-process.ts'
import type { Fleet } from './fleet.ts'
import { type Account, addVerdict, judge } from './oracle.ts'
import type { Tally } from './row.ts'

/** A fresh observation is in the record within this time after the faults stopped. */
const freshMsMax = 60_000
const drainMsMax = 60_000
const run = promisify(execFile)

/** What the agents of a fleet did, for the oracle. */
export function accountsOf(fleet: Fleet): Account[] {
  return fleet.agents.map(({ agent, issued, acked }) => {
    return { agent, issued, acked, downMs: fleet.downMs.get(agent) ?? 0 }
  })
}

/**
 * The end of every row with a fleet: the faults stop, the backlog drains, something fresh arrives,
 * the collector stops in order, and the oracle judges. With tens of thousands of messages that takes
 * minutes: `log` is told how far it is.
 */
export async function finish(
  collector: CollectorProcess,
  fleet: Fleet,
  tally: Tally,
  log: (line: string) => void = () => {},
): Promise<void> {
  if (!collector.isRunning) await collector.start()
  const startedAt = performance.now()
  const drained = await fleet.drain(drainMsMax)
  tally.figures['drain ms'] = Math.round(performance.now() - startedAt)
  if (!drained) tally.failures.push(`After ${drainMsMax} ms ${fleet.backlog} messages wait.`)
  const freshMs = await fleet.fresh(freshMsMax)
  if (fleet.backlog > 0) tally.failures.push('A fresh observation is not stored within 60 s.')
  tally.figures['fresh ms'] = Math.round(freshMs)
  tally.figures['answered duplicate'] = fleet.duplicateAnswers
  tally.failures.push(...fleet.refusals.slice(0, 5).map((line) => `Refused: ${line}`))
  log(`drained; ${fleet.acked} messages to judge`)
  await compareFigures(collector, tally)
  const code = await collector.end('SIGTERM')
  if (code !== 0) tally.failures.push(`The collector stopped with ${code}.`)
  addVerdict(tally, judge(collector.dataDir, accountsOf(fleet)))
  await checkByCommands(collector, tally, { log })
}

type CheckOptions = { readonly isWhole?: boolean; readonly log?: (line: string) => void }

/**
 * The collector's own word on its data, from its own commands: the logs recomputed, all that
 * follows from them made anew and compared (`isWhole`); (f) and (g) by export and verification.
 */
export async function checkByCommands(
  collector: CollectorProcess,
  tally: Tally,
  { isWhole = true, log = () => {} }: CheckOptions = {},
): Promise<void> {
  const { out: help } = await command(collector, 'help')
  const [institution] = collector.institutions
  const file = join(collector.dataDir, '..', 'export.jsonl')
  const checks = [
    ...(isWhole ? [['check-data'], ['rebuild']] : []),
    ['export', '--institution', institution!, '--out', file],
    ['verify', file],
  ]
  for (const [name, ...args] of checks) {
    if (!new RegExp(`^ {2}${name} `, 'm').test(help)) {
      tally.notRun.push(`collector ${name}: there is no such command yet`)
      continue
    }
    const startedAt = performance.now()
    const { code, out } = await command(collector, name!, ...args)
    log(`collector ${name}: ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`)
    if (code !== 0) tally.failures.push(`collector ${name} ends with ${code}: ${out.slice(-600)}`)
  }
}

type Shown = { readonly asOf: number; readonly institution: { readonly continuity: unknown } }
const comparisonsMax = 5
const compareMsMax = 4 * minuteMs

/** (g): what the board shows of each institution is, digit for digit, what its export says. */
async function compareFigures(collector: CollectorProcess, tally: Tally): Promise<void> {
  const { out: help } = await command(collector, 'help')
  if (!/^ {2}export /m.test(help)) return
  for (const id of collector.institutions.slice(0, comparisonsMax)) {
    const problem = await compareInstitution(collector, id)
    if (problem) tally.failures.push(problem)
  }
}

async function compareInstitution(collector: CollectorProcess, id: string): Promise<string | null> {
  const path = `/api/v1/institutions/${id}`
  const file = join(collector.dataDir, '..', `shown-${id}.jsonl`)
  // The figures move on each minute: both must be of the same one.
  const late = AbortSignal.timeout(compareMsMax)
  let first: number | null = null
  while (!late.aborted) {
    rmSync(file, { force: true })
    const { code, out } = await command(collector, 'export', '--institution', id, '--out', file)
    if (code !== 0) return `collector export ends with ${code}: ${out.slice(-600)}`
    const shown = await collector.json<Shown>(path)
    const header = JSON.parse(readFileSync(file, 'utf8').split('\n', 1)[0]!) as { figures: Shown }
    rmSync(file)
    if (header.figures.asOf === shown.asOf) {
      const [exported, seen] = [header.figures, shown].map(({ institution: { continuity } }) =>
        JSON.stringify(continuity),
      )
      if (exported === seen) return null
      first ??= shown.asOf
      // What was evaluated before the last evidence came is shown until the next minute but one.
      const isOlder = shown.asOf < first + 2 * minuteMs
      if (!isOlder) return `${id} shows ${seen}, its export says ${exported}`
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000))
  }
  return `${id}: the figures shown never were those of the export's minute.`
}

/** A command on the data of a stopped collector. */
/** Runs a command of the collector on its data. Answers how it ended, and what it printed. */
export async function command(
  collector: CollectorProcess,
  ...args: readonly string[]
): Promise<{ code: number; out: string }> {
  const options = { cwd: rootDir, env: collector.environment(), maxBuffer: 16 * 1024 * 1024 }
  const argv = [...collector.nodeArgs, 'collector/main.ts', ...args]
  try {
    const all = await run(process.execPath, argv, options)
    return { code: 0, out: all.stdout + all.stderr }
  } catch (error) {
    const {
      code,
      stdout = '',
      stderr = '',
    } = error as {
      code?: number
      stdout?: string
      stderr?: string
    }
    return { code: code ?? -1, out: stdout + stderr }
  }
}
