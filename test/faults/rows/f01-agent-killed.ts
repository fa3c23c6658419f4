import { setTimeout as wait } from 'node:timers/promises'
import { longestHoleMs } from '../oracle.ts'
import { between } from '../randomness.ts'
import { newTally, type Row } from '../row.ts'
import { setScene } from '../scene.ts'

const restartMsMax = 3_000

/** F1: the agent dies at any moment, hundreds of times; what it froze arrives, once. */
export const agentKilled: Row = {
  id: 'F1',
  what: 'agent killed while it observes and sends',
  injected: 'SIGKILL 50 to 2,000 ms after each start or from where it runs',
  run: async ({ quick, random, folder, log }) => {
    const tally = newTally()
    await using scene = await setScene(folder)
    const agent = await scene.agent()
    const kills = quick ? 8 : 500
    for (let kill = 1; kill <= kills; kill++) {
      const lifeMs = between(random, 50, 2_000)
      agent.start()
      // Half of the lives are counted from where it runs, so that sealing and sending are met too.
      const isLong = kill % 2 === 0
      const [startMs] = isLong
        ? [await agent.running(), await wait(lifeMs)]
        : await Promise.all([agent.running(lifeMs), wait(lifeMs)])
      if (startMs !== null) tally.recoverMs.push(startMs)
      if (!agent.isRunning) tally.failures.push(`It ended by itself in life ${kill}.`)
      await agent.end('SIGKILL')
      agent.lookIntoSpool()
      tally.kills++
      if (kill % 50 === 0) log(`${kill} kills, ${scene.tap.acked.length} acknowledged`)
    }
    const slow = tally.recoverMs.filter((ms) => ms > restartMsMax)
    if (slow.length > 0) tally.failures.push(`${slow.length} starts took longer than 3 s.`)
    await scene.finish(tally, [agent])
    const holeMs = longestHoleMs(scene.collector.dataDir, agent.id, 'host')
    tally.figures['longest hole in observations ms'] = holeMs
    return tally
  },
}
