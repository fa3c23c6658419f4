import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sha256 } from '../../../protocol/jws.ts'
import { rootDir } from '../../support/processes.ts'
import { AgentProcess } from '../agent-process.ts'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { newTally, type Row, type RowContext, type Tally } from '../row.ts'
import { setScene } from '../scene.ts'
import { command, finish } from '../settle.ts'
import { missingPrograms } from '../tools.ts'

/** The version before this one: the foundation. */
const before = '54d57cf'

/** F18: the version before meets this one, on either side, in the middle of traffic. */
export const versionsMixed: Row = {
  id: 'F18',
  what: 'N-1 and N, upgrade and downgrade',
  injected: `the code of ${before} from the repository's history; SIGKILL between versions`,
  run: async (context) => {
    const tally = newTally()
    const old = join(context.folder, 'before')
    const missing = missingPrograms('git', 'tar', 'env') ?? unpack(old)
    if (missing) return { ...tally, notRun: [missing] }
    await upgradeCollector(context, tally, old)
    if (!context.quick) await upgradeAgent(context, tally, old)
    return tally
  },
}

/** Puts the old code into a folder; why not, where the history is not here. */
function unpack(folder: string): string | null {
  const options = { cwd: rootDir, maxBuffer: 256 * 1024 * 1024 }
  const archive = spawnSync('git', ['archive', before], options)
  if (archive.status !== 0) return `the history does not hold ${before}`
  mkdirSync(folder)
  execFileSync('tar', ['-x', '-C', folder], { input: archive.stdout })
  symlinkSync(join(rootDir, 'node_modules'), join(folder, 'node_modules'))
  return null
}

/** Settings that came later are unknown to it. */
function policyOf(old: string): Record<string, string> {
  return { ISTIMRAR_POLICY_FILE: join(old, 'deploy/examples/policy.yaml') }
}

/** Agents of today on a collector of before, which is killed, upgraded, and cannot go back. */
async function upgradeCollector(context: RowContext, tally: Tally, old: string): Promise<void> {
  const { folder, random, quick, log } = context
  await using collector = await CollectorProcess.prepare(join(folder, 'upgrade'))
  using http = httpExchange(() => collector.url)
  const wrap = ['env', '-C', old]
  const fleet = new Fleet({ size: quick ? 20 : 100, random, exchange: http.exchange })
  await collector.start({ wrap, program: 'collector/main.ts', environment: policyOf(old) })
  await fleet.enrol(await collector.tokens(500))
  fleet.run()
  await fleet.acks(quick ? 60 : 600, AbortSignal.timeout(60_000))
  await collector.end('SIGKILL')
  tally.kills++
  tally.figures['acked by N-1'] = fleet.acked
  const startedAt = performance.now()
  await collector.start()
  await fleet.acks(1, AbortSignal.timeout(60_000))
  tally.recoverMs.push(performance.now() - startedAt)
  await fleet.acks(quick ? 60 : 600, AbortSignal.timeout(60_000))
  await collector.end('SIGKILL')
  tally.kills++
  refuseDowngrade(collector, tally, old)
  // What later versions keep of each host is made from the logs once.
  const { code, out } = await command(collector, 'rebuild', '--accept')
  if (code !== 0) tally.failures.push(`rebuild --accept ends with ${code}: ${out.slice(-600)}`)
  await collector.start()
  log(`upgraded with ${fleet.acked} acknowledged`)
  await finish(collector, fleet, tally)
}

/** The old version must say why it does not start, and leave every byte as it is. */
function refuseDowngrade(collector: CollectorProcess, tally: Tally, old: string): void {
  const file = join(collector.dataDir, 'collector.db')
  const content = () => [file, `${file}-wal`].map((each) => sha256(readFileSync(each))).join()
  const untouched = content()
  const env = { ...collector.environment(), ...policyOf(old) }
  const options = { cwd: old, env, timeout: 120_000 }
  const answer = spawnSync(process.execPath, ['collector/main.ts'], options)
  const said = answer.stderr.toString()
  if (answer.status !== 2) tally.failures.push(`downgrade: it ended with ${answer.status}`)
  if (!/has format \d+; this version reads up to 1/.test(said)) {
    tally.failures.push(`downgrade: it says ${said.slice(0, 300)}`)
  }
  if (content() !== untouched) tally.failures.push('downgrade: it changed the data.')
}

/** A real agent of before on the collector of today, then upgraded in its place. */
async function upgradeAgent({ folder }: RowContext, tally: Tally, old: string): Promise<void> {
  await using scene = await setScene(join(folder, 'agent'))
  const { collector, tap } = scene
  await collector.end('SIGTERM')
  await collector.start()
  const agent = new AgentProcess({ folder: join(folder, 'agent', 'old') })
  await using _stopped = agent
  agent.configure(tap.url)
  const [token] = (await collector.tokens(1)).values()
  const tokenFile = join(folder, 'agent', 'token')
  writeFileSync(tokenFile, token!)
  const files = ['--config', join(folder, 'agent', 'old', 'web-1.yaml'), '--dir', agent.dir]
  const args = ['agent/main.ts', 'enrol', '--token-file', tokenFile, ...files]
  // Beside the event loop: the wire that is listened to lives in this process.
  await promisify(execFile)(process.execPath, args, { cwd: old })
  const ackedOf = () => tap.acked.filter((each) => each.agent === agent.id).length
  agent.start({ wrap: ['env', '-C', old] })
  if (!(await tap.until(() => ackedOf() >= 2, 120_000))) {
    tally.failures.push('An agent of the version before delivers nothing.')
  }
  tally.figures['acked of an N-1 agent'] = ackedOf()
  await agent.end('SIGKILL')
  tally.kills++
  const count = ackedOf()
  agent.start()
  if (!(await tap.until(() => ackedOf() >= count + 2, 120_000))) {
    tally.failures.push('The agent does not go on after its upgrade.')
  }
  await scene.finish(tally, [agent])
}
