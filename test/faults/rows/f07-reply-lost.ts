import { setTimeout as wait } from 'node:timers/promises'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { FaultProxy } from '../proxy.ts'
import { between } from '../randomness.ts'
import { newTally, type Row } from '../row.ts'
import { finish } from '../settle.ts'

/** F7: stored, but the answer is lost: the same bytes again get the same receipt, and no row. */
export const replyLost: Row = {
  id: 'F7',
  what: 'reply lost after the commit',
  injected: 'TCP proxy cuts the connection when the answer comes',
  run: async ({ quick, random, folder, log }) => {
    const tally = newTally()
    await using collector = await CollectorProcess.prepare(folder)
    await collector.start()
    await using proxy = await FaultProxy.start({ target: collector.port, random })
    using http = httpExchange(() => proxy.url)
    const fleet = new Fleet({ size: quick ? 40 : 200, random, exchange: http.exchange })
    await fleet.enrol(await collector.tokens(500))
    fleet.run()
    const storms = quick ? 12 : 300
    for (let storm = 1; storm <= storms; storm++) {
      await wait(between(random, 50, 400))
      proxy.weather = { dropsReplies: true }
      await wait(between(random, 50, 400))
      proxy.weather = {}
      const startedAt = performance.now()
      await fleet.acks(1, AbortSignal.timeout(60_000))
      tally.recoverMs.push(performance.now() - startedAt)
      if (storm % 50 === 0) log(`${proxy.repliesDropped} replies lost`)
    }
    tally.kills = proxy.repliesDropped
    await finish(collector, fleet, tally)
    tally.figures.requests = http.requests()
    if (fleet.duplicateAnswers === 0) tally.failures.push('No retry was ever answered: blind.')
    return tally
  },
}
