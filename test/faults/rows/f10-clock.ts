import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentProcess } from '../agent-process.ts'
import { bootedAt, datesOf, noteErrors, noteImpossibleTimes } from '../dates.ts'
import { longestHoleMs } from '../oracle.ts'
import { newTally, type Row, type Tally } from '../row.ts'
import { type Scene, setScene } from '../scene.ts'
import { faketimeLibrary, missingPrograms } from '../tools.ts'

/** What the wall clock is set to while the agent runs, in libfaketime's words. */
const settings = ['-3600', '+3600', '+3650d', '@1970-01-01 00:00:10', '+0']
const ackMsMax = 60_000
/** Timers go on as they are; a check is looked at every five seconds. */
const holdMsMax = 12_500

/**
 * F10: the wall clock of a host is set to other hours and years, and the host stands still.
 * libfaketime fakes the wall clock only: the uptime, which dates evidence, is the kernel's.
 */
export const clockSet: Row = {
  id: 'F10',
  what: 'wall clock set, host stands still',
  injected: 'libfaketime (-1 h, +1 h, +10 y, 1970 while it runs), SIGSTOP',
  run: async ({ quick, folder, log }) => {
    const tally = newTally()
    const missing = missingPrograms('faketime')
    if (missing) return { ...tally, notRun: [missing] }
    await using scene = await setScene(folder)
    const { collector } = scene
    const agent = await scene.agent()
    const file = join(folder, 'clock')
    const set = (to: string) => writeFileSync(file, `${to}\n`)
    set('+0')
    agent.start({
      env: {
        LD_PRELOAD: faketimeLibrary(),
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    })
    await acknowledged(scene, agent, 2, tally)
    for (const to of quick ? settings.slice(1) : settings) {
      set(to)
      const startedAt = performance.now()
      await acknowledged(scene, agent, quick ? 1 : 3, tally)
      tally.recoverMs.push(performance.now() - startedAt)
      tally.kills++
      log(`clock set to ${to}`)
    }
    requireFaked(scene, tally)
    const stopMs = quick ? 16_000 : 600_000
    await standStill(agent, stopMs)
    await acknowledged(scene, agent, 2, tally)
    // Batches may come before the first look at the host after the stop: only that ends the hole.
    await scene.tap.until(() => longestHoleMs(collector.dataDir, agent.id, 'host') > 0, ackMsMax)
    tally.kills++
    const trueOffsetMs = bootedAt()
    await scene.finish(tally, [agent])
    const dates = datesOf(collector.dataDir, agent.id)
    noteErrors(
      tally,
      dates.map((date) => ({ ...date, trueOffsetMs })),
    )
    if (dates.length < batchesOf(scene) || dates.some(({ timeClass }) => timeClass !== 'A')) {
      tally.failures.push('Not every batch of a boot that was heard is of class A.')
    }
    noteImpossibleTimes(tally, collector.dataDir)
    const holeMs = longestHoleMs(collector.dataDir, agent.id, 'host')
    tally.figures['stood still ms'] = stopMs
    tally.figures['longest hole ms'] = holeMs
    if (holeMs < stopMs - holdMsMax || holeMs > stopMs + holdMsMax) {
      tally.failures.push(`The host stood still for ${stopMs} ms; the hole has ${holeMs} ms.`)
    }
    return tally
  },
}

/** What tells when it was sealed; a key that is renewed, because the clock says so, does not. */
const batchesOf = ({ tap }: Scene) => tap.acked.filter(({ wall }) => wall !== null).length

/** Waits until so many more batches are acknowledged. */
async function acknowledged(
  scene: Scene,
  agent: AgentProcess,
  more: number,
  tally: Tally,
): Promise<void> {
  const wanted = batchesOf(scene) + more
  if (await scene.tap.until(() => batchesOf(scene) >= wanted, ackMsMax)) return
  tally.failures.push(`${agent.name}: nothing is acknowledged any more.`)
}

/** The batches show the clock that the agent saw. Without that the row would be blind. */
function requireFaked({ tap }: Scene, tally: Tally): void {
  const yearOf = (wall: number) => new Date(wall).getUTCFullYear()
  const walls = tap.messages.flatMap(({ wall }) => (wall === null ? [] : [yearOf(wall)]))
  const years = [...new Set(walls)].sort((a, b) => a - b)
  tally.figures['years of its clock'] = years.join(' ')
  const thisYear = yearOf(Date.now())
  if (!years.includes(1970) || !years.some((year) => year >= thisYear + 9)) {
    tally.failures.push('The wall clock was not set after all.')
  }
}

function standStill(agent: AgentProcess, ms: number): Promise<void> {
  agent.signal('SIGSTOP')
  return new Promise((resolve) => {
    setTimeout(() => {
      agent.signal('SIGCONT')
      resolve()
    }, ms)
  })
}
