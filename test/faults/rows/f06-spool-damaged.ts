import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentProcess } from '../agent-process.ts'
import { between } from '../randomness.ts'
import { newTally, type Row, type Tally } from '../row.ts'
import { type Scene, setScene } from '../scene.ts'

const pageBytes = 4_096
const ways = ['flip', 'truncate', 'zero'] as const
const startMsMax = 60_000
const ackMsMax = 60_000

/** F6: any page of the spool is damaged: the agent starts, says what it lost, and goes on. */
export const spoolDamaged: Row = {
  id: 'F6',
  what: "a page of the agent's spool damaged",
  injected: 'flipped byte, truncation, zeros in each 4 KiB page in turn, of file and WAL',
  run: async ({ quick, random, folder, log }) => {
    const tally = newTally()
    await using scene = await setScene(folder)
    const agent = await scene.agent()
    const count = quick ? 4 : 90
    for (let turn = 0; turn < count; turn++) {
      await gather(scene, agent, turn % 2 === 0)
      const way = ways[turn % ways.length]!
      const page = quick ? between(random, 0, 30) : Math.floor(turn / ways.length)
      const what = damage(agent.dir, page, way, random)
      await recover(scene, agent, `${way} of ${what}`, tally)
      if (turn % 15 === 14) log(`${turn + 1} pages`)
    }
    await scene.finish(tally, [agent])
    tally.figures['epochs begun'] = Math.max(...scene.tap.acked.map(({ epoch }) => epoch)) - 1
    return tally
  },
}

/**
 * Kills the agent over messages that nobody took, or over messages that were just acknowledged: a
 * spool that forgot these would say other things under the same numbers.
 */
async function gather({ tap }: Scene, agent: AgentProcess, isTaken: boolean): Promise<void> {
  const refusal = { status: 503, body: '{}', retryAfter: null }
  tap.answer = (path) => (path === '/v1/batches' && !isTaken ? refusal : null)
  const wanted = isTaken ? 200 : 503
  const count = () => tap.messages.filter(({ status }) => status === wanted).length
  const before = count()
  agent.start()
  await tap.until(() => count() > before, ackMsMax)
  await agent.end('SIGKILL')
  agent.lookIntoSpool()
}

/** Damages one page, counted over the file and then its WAL. Answers which it was. */
function damage(dir: string, turn: number, way: (typeof ways)[number], random: () => number) {
  const files = ['spool.sqlite', 'spool.sqlite-wal'].filter((name) => existsSync(join(dir, name)))
  const pages = files.flatMap((name) => {
    const length = Math.ceil(statSync(join(dir, name)).size / pageBytes)
    return Array.from({ length }, (_, page) => ({ name, page }))
  })
  // From both ends: the last pages hold what was written last, and lost alone they are missed.
  const step = Math.floor(turn / 2) % pages.length
  const { name, page } = pages.at(turn % 2 === 0 ? step : -1 - step)!
  const file = join(dir, name)
  const bytes = readFileSync(file)
  const from = page * pageBytes
  const end = Math.min(bytes.length, from + pageBytes)
  if (way === 'truncate') writeFileSync(file, bytes.subarray(0, from))
  if (way === 'zero') writeFileSync(file, bytes.fill(0, from, end))
  if (way === 'flip') {
    const at = between(random, from, end - 1)
    bytes[at] = bytes[at]! ^ (1 << between(random, 0, 7))
    writeFileSync(file, bytes)
  }
  return `${name} page ${page}`
}

async function recover(
  { tap }: Scene,
  agent: AgentProcess,
  what: string,
  tally: Tally,
): Promise<void> {
  tap.answer = () => null
  const acked = tap.acked.length
  agent.start()
  const startMs = await agent.running(startMsMax)
  tally.kills++
  if (startMs === null) tally.failures.push(`${what}: the agent does not start.`)
  else tally.recoverMs.push(startMs)
  const conflict = () => tap.messages.some(({ status }) => status === 409)
  await tap.until(() => tap.acked.length > acked || conflict(), ackMsMax)
  if (conflict()) tally.failures.push(`${what}: the collector sees a conflict.`)
  else if (tap.acked.length === acked) tally.failures.push(`${what}: nothing is delivered.`)
  await agent.end('SIGKILL')
  agent.lookIntoSpool()
  if (tally.failures.length > 0) throw new Error(tally.failures.join('\n'))
}
