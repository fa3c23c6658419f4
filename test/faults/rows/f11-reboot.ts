import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import type { AgentProcess, AgentStart } from '../agent-process.ts'
import { bootedAt, datesOf, noteErrors, noteImpossibleTimes, realBootId } from '../dates.ts'
import { newTally, type Row, type Tally } from '../row.ts'
import { type Scene, setScene } from '../scene.ts'
import { faketimeLibrary, missingMounts, missingPrograms } from '../tools.ts'

/** How a host comes back from a reboot while it cannot reach the collector. */
type Reboot = {
  readonly name: string
  /** What its wall clock is off by in the boot that nobody hears. Unit: seconds. */
  readonly wallErrorSeconds: number
  /** It is heard in that boot, in the end: then its own anchors date it. */
  readonly isHeard: boolean
  /** Classes that its batches may have. */
  readonly may: readonly ('A' | 'B' | 'C')[]
}

const reboots: readonly Reboot[] = [
  { name: 'clock 5 min ahead', wallErrorSeconds: 300, isHeard: false, may: ['B', 'C'] },
  { name: 'clock right', wallErrorSeconds: 0, isHeard: false, may: ['B'] },
  { name: 'clock 5 min ahead, then heard', wallErrorSeconds: 300, isHeard: true, may: ['A'] },
]

const waitMsMax = 90_000
const offlineMs = 10_000

/**
 * F11: a host reboots while it is offline, with its wall clock off. Each boot is a mount namespace
 * with another boot id and a time namespace with another uptime.
 */
export const hostRebooted: Row = {
  id: 'F11',
  what: 'host rebooted while offline',
  injected: 'SIGKILL, then another boot id and uptime (namespaces), wall clock off by 5 min',
  run: async ({ quick, folder, log }) => {
    const tally = newTally()
    const missing = missingMounts() ?? missingPrograms('faketime')
    if (missing) return { ...tally, notRun: [missing] }
    const library = faketimeLibrary()
    for (const reboot of quick ? reboots.slice(0, 1) : reboots) {
      const host = { folder: join(folder, reboot.name.replaceAll(/\W/g, '-')), library }
      await run(reboot, host, tally)
      log(`${reboot.name}: done`)
    }
    return tally
  },
}

type Host = { readonly folder: string; readonly library: string }

async function run(reboot: Reboot, host: Host, tally: Tally): Promise<void> {
  await using scene = await setScene(host.folder)
  const { tap, collector } = scene
  const agent = await scene.agent()
  const boots = new Map([[realBootId(), bootedAt()]])
  const boot = (number: number, uptimeSeconds: number, wallErrorSeconds = 0) => {
    const id = `0000000${number}-0000-4000-8000-000000000000`
    const aheadSeconds = Math.round(uptimeSeconds - uptime())
    boots.set(id, bootedAt() - aheadSeconds * 1_000)
    agent.start(startOf(host, id, aheadSeconds, wallErrorSeconds))
  }
  boot(1, 3_600)
  await requireAcked(scene, () => tap.acked.length >= 2, tally)
  tap.answer = () => ({ status: 502, body: '', retryAfter: null })
  await passes(offlineMs)
  await cutPower(agent)
  boot(2, 5, reboot.wallErrorSeconds)
  await passes(offlineMs)
  const startedAt = performance.now()
  if (!reboot.isHeard) {
    await cutPower(agent)
    // No boot begins before the one before it has ended.
    await passes(2_000)
    boot(3, 1)
  }
  tap.answer = () => null
  const last = reboot.isHeard ? 2 : 3
  const isBack = () => tap.acked.some((each) => each.boot.startsWith(`0000000${last}`))
  await requireAcked(scene, isBack, tally)
  tally.recoverMs.push(performance.now() - startedAt)
  tally.kills++
  await cutPower(agent)
  await scene.finish(tally, [agent])
  judgeDates(reboot, scene, agent, boots, tally)
  noteImpossibleTimes(tally, collector.dataDir)
}

function judgeDates(
  { name, may }: Reboot,
  { tap, collector }: Scene,
  agent: AgentProcess,
  boots: ReadonlyMap<string, number>,
  tally: Tally,
): void {
  const bootOf = new Map(tap.messages.map(({ epoch, seq, boot }) => [`${epoch}/${seq}`, boot]))
  const dates = datesOf(collector.dataDir, agent.id).map((date) => {
    const boot = bootOf.get(`${date.epoch}/${date.seq}`) ?? ''
    return { ...date, boot, trueOffsetMs: boots.get(boot) ?? Number.NaN }
  })
  const unheard = dates.filter(({ boot }) => boot.startsWith('00000002'))
  const classes = [...new Set(unheard.map(({ timeClass }) => timeClass))].join(' ')
  tally.figures[`${name}: batches of the boot`] = `${unheard.length} of class ${classes}`
  if (unheard.length === 0) tally.failures.push(`${name}: nothing of the boot arrived.`)
  for (const { timeClass } of unheard) {
    if (!may.includes(timeClass)) tally.failures.push(`${name}: dated as class ${timeClass}.`)
  }
  const others = dates.filter((date) => !unheard.includes(date))
  if (others.some(({ timeClass }) => timeClass !== 'A')) {
    tally.failures.push(`${name}: a batch of a boot that was heard is not of class A.`)
  }
  noteErrors(tally, dates)
}

/** Starts the agent as in another boot: the kernel's id differs, uptime and wall clock are ahead. */
function startOf(
  { folder, library }: Host,
  id: string,
  aheadSeconds: number,
  wallErrorSeconds: number,
): AgentStart {
  mkdirSync(folder, { recursive: true })
  const idFile = join(folder, `boot-${id}`)
  writeFileSync(idFile, `${id}\n`)
  const mount = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"'
  const spaces = ['--mount', '--time', '--boottime', String(aheadSeconds), '--fork', '--kill-child']
  const clock = {
    LD_PRELOAD: library,
    FAKETIME: `+${wallErrorSeconds}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  return {
    wrap: ['unshare', ...spaces, 'sh', '-c', mount, idFile],
    env: wallErrorSeconds === 0 ? {} : clock,
  }
}

/** Kills the agent itself, which is the child of what made the namespaces. */
async function cutPower(agent: AgentProcess): Promise<void> {
  const { pid } = agent
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  if (child) process.kill(Number(child), 'SIGKILL')
  await agent.end('SIGKILL')
  agent.lookIntoSpool()
}

async function requireAcked({ tap }: Scene, enough: () => boolean, tally: Tally): Promise<void> {
  if (!(await tap.until(enough, waitMsMax))) tally.failures.push('Nothing is acknowledged.')
}

function passes(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
