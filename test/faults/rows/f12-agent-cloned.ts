import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { AgentProcess } from '../agent-process.ts'
import { statusOf } from '../oracle.ts'
import { newTally, type Row } from '../row.ts'
import { setScene } from '../scene.ts'

const findMsMax = 90_000

/** F12: a virtual machine is cloned and both copies run: the fork shows at its first message. */
export const agentCloned: Row = {
  id: 'F12',
  what: 'agent cloned, both copies run',
  injected: "copy of a stopped agent's folder, both started",
  run: async ({ quick, folder, log }) => {
    const tally = newTally()
    for (let turn = 1; turn <= (quick ? 1 : 5); turn++) {
      await using scene = await setScene(join(folder, `turn-${turn}`))
      const { tap, collector } = scene
      const original = await scene.agent()
      original.start()
      await tap.until(() => tap.acked.length >= 2, 60_000)
      await original.end('SIGTERM')
      const good = new Set(tap.acked.map(({ hash }) => hash))
      const folderOfClone = join(folder, `clone-${turn}`)
      const clone = new AgentProcess({ folder: folderOfClone, name: original.name })
      cpSync(original.dir, clone.dir, { recursive: true })
      clone.configure(tap.url)
      const startedAt = performance.now()
      original.start()
      clone.start()
      const conflicts = () => tap.messages.filter(({ status }) => status === 409)
      const found = await tap.until(() => conflicts().length > 0, findMsMax)
      if (!found) tally.failures.push('The fork was not found.')
      tally.recoverMs.push(performance.now() - startedAt)
      tally.kills++
      // Whichever copy came first: from here on neither may add anything.
      const stored = tap.acked.length
      await tap.until(() => conflicts().length >= 2, findMsMax)
      for (const copy of [original, clone]) {
        if (!copy.isRunning) tally.failures.push('A copy ended by itself.')
        await copy.end('SIGTERM')
      }
      await original[Symbol.asyncDispose]()
      await clone[Symbol.asyncDispose]()
      const after = tap.acked.slice(stored).length
      if (after > 0) tally.failures.push(`${after} messages were taken after the fork was found.`)
      await collector.end('SIGTERM')
      const status = statusOf(collector.dataDir, original.id)
      if (status !== 'quarantined') tally.failures.push(`The agent is ${status}, not quarantined.`)
      if (!/quarantined/.test(collector.output)) tally.failures.push('There is no alarm.')
      scene.judge(tally, [original])
      const kept = tap.acked.filter(({ hash }) => good.has(hash)).length
      if (kept < good.size) tally.failures.push('Good history was touched.')
      log(`found after ${Math.round(performance.now() - startedAt)} ms`)
    }
    return tally
  },
}
