import { mkdirSync } from 'node:fs'
import { collectorEnvironment } from '../../../deploy/collector-environment.ts'
import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import { type LoadPlace, loadDefinitions } from '../../simulation/load-nation.ts'
import { BoardSession } from '../../support/board-session.ts'
import { exampleFiles } from '../../support/collector.ts'
import { startProcess } from '../../support/processes.ts'
import { median } from '../ingest/phases.ts'
import { cpuMs } from '../process-usage.ts'
import { StoredNation } from './stored-nation.ts'
import { outagesOf } from './year.ts'

/** The kernel counts CPU time in hundredths of a second: so many requests are counted together. */
const requestsEach = 20

export type OwnResult = {
  /** CPU time of one request for all checks. Unit: milliseconds. */
  readonly cpuMs: number
  readonly cpu7dMs: number
  /** By check, as a ratio of the time known. */
  readonly values: ReadonlyMap<number, number>
}

/** A real collector process that has a year of checks of one institution is asked over HTTP. */
export async function measureOwn(
  dir: string,
  { start, end }: { start: EpochMs; end: EpochMs },
  checks: number,
  rounds: number,
): Promise<OwnResult> {
  mkdirSync(`${dir}/data`, { recursive: true })
  const places = Array.from({ length: checks / 20 }, (_, i): LoadPlace => {
    return { institution: 'institution-1', environment: `environment-${1_000 + i}` }
  })
  const nation = await StoredNation.create(dir, places, start)
  await nation.addChecks(start, () => end, outagesOf)
  await nation.settle()
  await using running = startProcess(['collector/main.mjs'], {
    ...collectorEnvironment,
    DATA_DIR: nation.dataDir,
    PORT: '0',
    ISTIMRAR_REGISTER_FILE: nation.registerFile,
    ISTIMRAR_POLICY_FILE: exampleFiles.policy,
    ISTIMRAR_LOG_LEVEL: 'error',
  })
  const [, loginUrl] = await running.line(/Board: (\S+)/)
  const session = await BoardSession.open(loginUrl!)
  const ask = (days: number) => {
    const from = end - days * dayMs
    const path = `/api/v1/institutions/institution-1/checks/sums?from=${from}&to=${end}`
    return session.json<Answer>(path)
  }
  const { environments } = await ask(365)
  const measured = async (days: number) => {
    const used: number[] = []
    for (let i = 0; i < rounds; i++) {
      const before = cpuMs(running.child.pid!)
      for (let k = 0; k < requestsEach; k++) await ask(days)
      used.push((cpuMs(running.child.pid!) - before) / requestsEach)
    }
    return median(used)
  }
  // As a collector that has run for a while.
  await measured(7)
  const [cpu7dMs, yearMs] = [await measured(7), await measured(365)]
  await running.stop()
  return { cpuMs: yearMs, cpu7dMs, values: valuesOf(environments) }
}

/** Checks are known by their number: their place in the order in which they were stored. */
function valuesOf(environments: Answer['environments']): Map<number, number> {
  const values = new Map<number, number>()
  for (const { environment, checks } of environments) {
    const first = (Number(environment.split('-')[1]) - 1_000) * loadDefinitions.length
    for (const { check, upMs, degradedMs, downMs } of checks) {
      const index = loadDefinitions.findIndex((each) => `host-1/${each.check}` === check)
      values.set(first + index, (upMs + degradedMs) / (upMs + degradedMs + downMs))
    }
  }
  return values
}

type Row = { check: string; upMs: number; degradedMs: number; downMs: number; unknownMs: number }
type Answer = { environments: { environment: string; checks: Row[] }[] }
