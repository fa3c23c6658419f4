import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { EvaluatorThread, startThread } from '../../../collector/evaluate/thread.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { type LoadPlace, loadDefinitions } from '../../simulation/load-nation.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { WireAgent } from '../../support/wire-agent.ts'
import { median } from '../ingest/phases.ts'
import { StoredNation } from './stored-nation.ts'

/** A half-year of a nation, all but over: its last day is the running one. */
const now = Date.parse('2027-03-31T12:00:30Z')
const start = Date.parse('2026-09-30T20:00:00Z')
/** The other agents go on being heard while a few minutes pass. */
const heardThrough = now + hourMs

export type SnapshotCost = {
  readonly days: number
  /** Wall time of a first evaluation on a new thread, with nothing of the file in memory. */
  readonly coldMs: number
  /** CPU time of the same, of all threads. */
  readonly coldCpuMs: number
  /** CPU time of all threads for one batch: admission, evaluation, snapshot handed over. */
  readonly dirtyCpuMs: number
  /** The same where a minute passed since the evaluation before, so that all windows moved. */
  readonly minuteCpuMs: number
  readonly page: PageCost
}

/** What one scrape of the KPIs costs, by a thread that has evaluated. */
export type PageCost = {
  readonly series: number
  readonly bytes: number
  readonly cpuMs: number
  readonly wallMs: number
}

/** Evaluates a nation of 56 institutions of so many environments, each of 20 checks. */
export async function measureSnapshot(
  dir: string,
  environmentsEach: number,
  rounds: number,
): Promise<SnapshotCost> {
  const places = Array.from(
    { length: 56 * environmentsEach },
    (_, i): LoadPlace => ({
      institution: `institution-${(i % 56) + 1}`,
      environment: `environment-${Math.floor(i / 56) + 1}`,
    }),
  )
  mkdirSync(`${dir}/data`, { recursive: true })
  const nation = await StoredNation.create(dir, places, start)
  const wired = new Map(places.slice(0, 8).map((place) => [place, wireAgent()]))
  const ends = await nation.addChecks(
    start,
    (place) => (wired.has(place) ? now - minuteMs : heardThrough),
    () => [],
    (place) => wired.get(place) ?? null,
  )
  const days = await nation.addDays(start, now)
  await nation.settle()
  for (const [i, agent] of [...wired.values()].entries()) Object.assign(agent, ends[i])
  await derived(nation, now)
  const colds: Cold[] = []
  for (let i = 0; i < rounds; i++) colds.push(await cold(nation.databaseFile))
  const { dirtyCpuMs, minuteCpuMs } = await dirty(nation, [...wired.values()], rounds)
  const coldMs = median(colds.map(({ wallMs }) => wallMs))
  const coldCpuMs = median(colds.map((each) => each.cpuMs))
  const pages = colds.map((each) => each.page)
  const page = {
    ...pages[0]!,
    cpuMs: median(pages.map((each) => each.cpuMs)),
    wallMs: median(pages.map((each) => each.wallMs)),
  }
  return { days, coldMs, coldCpuMs, dirtyCpuMs, minuteCpuMs, page }
}

function wireAgent(): WireAgent {
  // Told its collector when that is open.
  return new WireAgent(null as never, now - dayMs, loadDefinitions)
}

/** A collector that ran once has derived the running day too. */
async function derived(nation: StoredNation, at: EpochMs): Promise<void> {
  const collector = await openTestCollector(nation.dataDir, new TestClock(at), nation.registerFile)
  await collector.close()
}

type Cold = { readonly wallMs: number; readonly cpuMs: number; readonly page: PageCost }

async function cold(file: string): Promise<Cold> {
  // Tells the system to drop what it holds of the file.
  spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' })
  const settings = { file, engine: 'bench', simulated: false }
  const answerer = startThread(settings, (error) => {
    throw error
  })
  const thread = new EvaluatorThread(answerer)
  await thread.checks('any')
  const [startedAt, before] = [performance.now(), process.cpuUsage()]
  const evaluation = await thread.evaluate(now, true)
  const wallMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(before)
  const count = evaluation?.snapshot?.institutions.flatMap(({ environments }) => environments)
  if (!count?.every(({ continuity }) => continuity.cycle.low)) throw new Error('No figures.')
  if (evaluation?.days.length !== 0) throw new Error('Days were not derived before.')
  // As a thread that has run for a while: each scrape finds another evaluation.
  await thread.kpiPage()
  await thread.evaluate(now + minuteMs, true)
  const page = await pageCost(thread)
  await thread.close()
  return { wallMs, cpuMs: (user + system) / 1_000, page }
}

async function pageCost(thread: EvaluatorThread): Promise<PageCost> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()]
  const pieces = await thread.kpiPage()
  const wallMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(before)
  const text = Buffer.concat(pieces).toString()
  const series = text.split('\n').filter((line) => line.startsWith('istimrar_')).length
  return { series, bytes: Buffer.byteLength(text), cpuMs: (user + system) / 1_000, wallMs }
}

/** One agent after another sends ten minutes of its twenty checks. */
async function dirty(nation: StoredNation, agents: readonly WireAgent[], rounds: number) {
  const clock = new TestClock(now)
  const collector = await openTestCollector(nation.dataDir, clock, nation.registerFile)
  const boot = () => clock.at - now + dayMs
  const send = async (agent: WireAgent) => {
    const runs = loadDefinitions.map(({ check }) => {
      return { check, state: 'up' as const, from: boot() - 2_000, to: boot() - 1_000 }
    })
    clock.at += 1_000
    const answer = await agent.send(agent.batch(runs))
    if (answer.status !== 200) throw new Error(answer.text)
    await collector.evaluate()
  }
  for (const agent of agents) {
    agent.connect(collector.app)
    await agent.heartbeat(boot())
  }
  const measured = async (pauseMs: number) => {
    const used: number[] = []
    for (let i = 0; i < rounds * 8; i++) {
      const agent = agents[i % agents.length]!
      await agent.heartbeat(boot())
      await collector.evaluate()
      const before = process.cpuUsage()
      clock.at += pauseMs
      await send(agent)
      const { user, system } = process.cpuUsage(before)
      used.push((user + system) / 1_000)
    }
    return median(used)
  }
  await measured(0)
  const dirtyCpuMs = await measured(0)
  const minuteCpuMs = await measured(minuteMs)
  await collector.close()
  if (collector.fatal.length > 0) throw collector.fatal[0]
  return { dirtyCpuMs, minuteCpuMs }
}
