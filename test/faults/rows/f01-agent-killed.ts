import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { longestHoleMs } from '../oracle.ts'
import { between } from '../randomness.ts'
import { newTally, type Row } from '../row.ts'
import { setScene } from '../scene.ts'
import { percentile } from '../tools.ts'

const restartMsMax = 3_000
const startMsMax = 30_000

/** F1: the agent dies at any moment, hundreds of times; what it froze arrives, once. */
export const agentKilled: Row = {
  id: 'F1',
  what: 'agent killed while it observes and sends',
  injected: 'SIGKILL 50 to 2,000 ms after each start or from where it runs',
  run: async ({ quick, random, folder, log }) => {
    const tally = newTally()
    await using scene = await setScene(folder)
    const agent = await scene.agent()
    // What other programs of the machine take is no fault of the agent.
    const ownMs: number[] = []
    const kills = quick ? 8 : 500
    for (let kill = 1; kill <= kills; kill++) {
      const lifeMs = between(random, 50, 2_000)
      agent.start()
      // Half of the lives are counted from where it runs, so that sealing and sending are met too.
      const isLong = kill % 2 === 0
      const ended = isLong ? null : wait(lifeMs)
      const startMs = await agent.running(isLong ? startMsMax : lifeMs)
      if (startMs !== null) {
        tally.recoverMs.push(startMs)
        ownMs.push(startMs - agent.queuedMs())
      } else if (isLong) tally.failures.push(`It did not run within 30 s in life ${kill}.`)
      await (ended ?? wait(lifeMs))
      if (!agent.isRunning) tally.failures.push(`It ended by itself in life ${kill}.`)
      await agent.end('SIGKILL')
      agent.lookIntoSpool()
      tally.kills++
      if (kill % 50 === 0) log(`${kill} kills, ${scene.tap.acked.length} acknowledged`)
    }
    const slow = ownMs.filter((ms) => ms > restartMsMax)
    const p99 = Math.round(percentile(ownMs, 0.99) ?? 0)
    tally.figures['start ms p99 without waiting for a processor'] = p99
    const [load] = loadavg()
    // The agent waits for its disk and for a process of its own as well: those queue, too.
    const isBusy = load! > 2 * availableParallelism()
    if (isBusy)
      tally.notRun.push(`starts within 3 s: other programs keep this machine busy (${load})`)
    else if (slow.length > 0) tally.failures.push(`${slow.length} starts took longer than 3 s.`)
    await scene.finish(tally, [agent])
    const holeMs = longestHoleMs(scene.collector.dataDir, agent.id, 'host')
    tally.figures['longest hole in observations ms'] = holeMs
    return tally
  },
}
