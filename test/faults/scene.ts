import { join } from 'node:path'
import { type AgentOptions, AgentProcess } from './agent-process.ts'
import { CollectorProcess } from './collector-process.ts'
import { type Account, addVerdict, judge } from './oracle.ts'
import type { Tally } from './row.ts'
import { checkByCommands } from './settle.ts'
import { Wiretap } from './wiretap.ts'

/** A collector, the wire that is listened to, and real agents: what rows about agents need. */
export type Scene = AsyncDisposable & {
  readonly collector: CollectorProcess
  readonly tap: Wiretap
  /** Enrols a real agent of the first institution; it does not run yet. */
  agent(options?: Partial<AgentOptions> & { readonly via?: string }): Promise<AgentProcess>
  /**
   * The end of a row about agents: drain, something fresh, stop in order, the oracle. With
   * `mayRefuse` the streams may have ended in a quarantine.
   */
  finish(tally: Tally, agents: readonly AgentProcess[]): Promise<void>
  /** Only the oracle, on a stopped collector. */
  judge(tally: Tally, agents: readonly AgentProcess[]): void
}

const freshMsMax = 60_000
const drainMsMax = 240_000

export async function setScene(folder: string): Promise<Scene> {
  const collector = await CollectorProcess.prepare(folder, { institutions: 1 })
  await collector.start()
  const tokens = await collector.tokens(100)
  const tap = await Wiretap.start(() => collector.url)
  const started: AgentProcess[] = []
  const agent: Scene['agent'] = async ({ via, ...options } = {}) => {
    const process = new AgentProcess({ folder: join(folder, 'agents'), ...options })
    const url = via ?? tap.url
    await process.enrol(url, [...tokens.values()][0]!)
    started.push(process)
    return process
  }
  const judgeAll = (tally: Tally, agents: readonly AgentProcess[]) =>
    addVerdict(tally, judge(collector.dataDir, accountsOf(agents, tap)))
  return {
    collector,
    tap,
    agent,
    judge: judgeAll,
    finish: async (tally, agents) => {
      const startedAt = performance.now()
      for (const each of agents) await settle(each, tap, tally)
      tally.figures['drain ms'] = Math.round(performance.now() - startedAt)
      for (const each of agents) {
        const code = await each.end('SIGTERM')
        if (code !== 0) tally.failures.push(`The agent stopped with ${code}.`)
      }
      await collector.end('SIGTERM')
      judgeAll(tally, agents)
      // Faults of agents leave the collector's file alone.
      await checkByCommands(collector, tally, { isWhole: false })
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of started) await each[Symbol.asyncDispose]()
      await tap[Symbol.asyncDispose]()
      await collector[Symbol.asyncDispose]()
    },
  }
}

/** Waits until an agent has delivered what it had, and then something new. */
async function settle(agent: AgentProcess, tap: Wiretap, tally: Tally): Promise<void> {
  if (!agent.isRunning) agent.start()
  const newest = Math.max(0, ...[...agent.frozen.values()].map(placeNumber))
  const ackedOf = () => tap.acked.filter((message) => message.agent === agent.id)
  const drained = () => ackedOf().some((message) => placeNumber(message) >= newest)
  if (!(await tap.until(drained, drainMsMax))) {
    tally.failures.push(`${agent.name}: not drained after ${drainMsMax} ms.`)
    return
  }
  const count = ackedOf().length
  const startedAt = performance.now()
  if (!(await tap.until(() => ackedOf().length > count, freshMsMax))) {
    tally.failures.push(`${agent.name}: nothing fresh is stored within 60 s.`)
  }
  tally.figures['fresh ms'] = Math.round(performance.now() - startedAt)
}

function placeNumber({ epoch, seq }: { epoch: number; seq: number }): number {
  return epoch * 1_000_000 + seq
}

/** What real agents issued: what went over the wire, and what was found frozen on their disks. */
export function accountsOf(agents: readonly AgentProcess[], tap: Wiretap): Account[] {
  return agents.map((agent) => {
    const own = tap.messages.filter((message) => message.agent === agent.id)
    // What a quarantined copy says is refused, not lost: it stays on its host.
    // One that came too early for a restored collector is refused once, and taken later.
    const taken = new Set(own.filter(({ status }) => status === 200).map(({ hash }) => hash))
    const refused = new Set(
      own.filter(({ status, hash }) => status === 409 && !taken.has(hash)).map(({ hash }) => hash),
    )
    const seen = [...own, ...agent.frozen.values()].filter(({ hash }) => !refused.has(hash))
    const issued = new Map(seen.map((each) => [each.hash, each]))
    const acked = new Map(
      own.filter(({ status }) => status === 200).map((each) => [each.hash, each]),
    )
    return { agent: agent.id, issued: [...issued.values()], acked: [...acked.values()], downMs: 0 }
  })
}
