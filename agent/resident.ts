import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { hourMs } from '../protocol/time.ts'
import { wrongArguments } from './arguments.ts'
import { trustAuthorities } from './authorities.ts'
import { childRunner } from './child.ts'
import { Delivery } from './deliver.ts'
import { AgentError } from './error.ts'
import { FactRounds, factsEnvironment, firstRoundMs } from './fact-rounds.ts'
import { shutdownFacts } from './facts/shutdown.ts'
import { addFacts, type KeptFold } from './fold.ts'
import { definitionsOf, type FrozenConfig } from './frozen.ts'
import {
  differences,
  type Identity,
  notEnrolled,
  pinnedLog,
  readIdentity,
  withLogKey,
  writeIdentity,
} from './identity.ts'
import { type KeyState, openKeyring } from './keyring.ts'
import { LocalMetrics, type Stand } from './local-metrics.ts'
import { jsonLog, type Log } from './log.ts'
import { lookerOf } from './look.ts'
import { momentOf } from './moment.ts'
import { Outbox } from './outbox.ts'
import { openPost, type Post } from './post.ts'
import { type Program, placed, sharedOptions } from './program.ts'
import { resumeFold } from './resume.ts'
import { rotateWhenDue } from './rotation.ts'
import type { Spool } from './spool.ts'
import { isDiskFull, openSpool } from './spool-file.ts'
import { isLoopback } from './targets.ts'
import { Trust } from './trust.ts'
import { readVolumeUse, Usage } from './usage.ts'
import { version } from './version.ts'
import { Watch } from './watch.ts'

/**
 * Little runs here, and seldom. Without its compilers V8 keeps 3 MB less in memory. With a small
 * nursery and a heap that grows in small steps it collects often enough that a day of looks takes
 * no more memory than an hour: left alone, it would take 40 MB more before it looked for garbage.
 */
const idleFlags = [
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
  '--semi-space-growth-factor=1',
  '--heap-growing-percent=20',
]

/** Started with the flags of deploy/resident-flags.ts, there is nothing to set nor to load. */
function beIdle({ self }: Program): void {
  if (self.args.includes('--jitless')) return
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  for (const flag of idleFlags) setFlagsFromString(flag)
}

/** From one collection to the next. */
const collectMs = 2 * hourMs

/**
 * Collects garbage now and then: left alone, V8 lets it pile up for eight hours, which is 7 MB,
 * since so small a heap seldom seems worth it. A collection takes some ten milliseconds.
 */
function keepSmall({ timer }: Program): () => void {
  let cancel = () => {}
  const collect = () => {
    globalThis.gc?.()
    cancel = timer(collectMs, collect)
  }
  if (globalThis.gc) cancel = timer(collectMs, collect)
  return () => cancel()
}

/**
 * `agent run`: observes and delivers until it is asked to stop. Nothing heavy is loaded here, as
 * this process stays: `agent.yaml` is read by a child that ends. Resolves to the exit code.
 */
export async function run(program: Program): Promise<number> {
  beIdle(program)
  const { config: file, dir } = readArgs(program)
  const config = readFrozen(program, file)
  if (!config) return 2
  const identity = readIdentity(dir)
  if (!identity) throw notEnrolled(dir)
  const spool = openSpool(dir, program.clock.wall())
  const report = jsonLog(program.out, program.clock.wall)
  trustAuthorities(config.authorities)
  const { post, close } = await openPost(config.collector, { proxy: program.proxy })
  const { metricsPort } = config
  const metrics =
    metricsPort === undefined ? null : new LocalMetrics(definitionsOf(config), program.clock.wall)
  const given = { dir, file, config, identity, spool, report, post, metrics }
  const { watch, delivery, rounds, outbox } = assemble(program, given)
  await metrics?.listen(metricsPort ?? 0, () => standOf(spool, outbox))
  const { agent } = identity
  report('info', 'The agent runs.', { agent, version, checks: config.checks.length })
  for (const difference of differences(identity, config)) report('warn', difference.in('en'))
  const letGrow = keepSmall(program)
  watch.start()
  rounds.start()
  delivery.wake()
  await program.stopped
  letGrow()
  rounds.stop()
  watch.stop()
  await delivery.stop()
  metrics?.close()
  close()
  spool.close()
  report('info', 'The agent stopped.')
  return 0
}

type Given = {
  readonly dir: string
  /** Where `agent.yaml` is. */
  readonly file: string
  readonly config: FrozenConfig
  readonly identity: Identity
  readonly spool: Spool
  readonly report: Log
  readonly post: Post
  /** Null unless agent.yaml asks for them. */
  readonly metrics: LocalMetrics | null
}

function assemble(program: Program, given: Given) {
  const { clock, timer, random, root } = program
  const { dir, config, spool, report, post, metrics } = given
  let { identity } = given
  const { agent, enrolledAt } = identity
  const kept = spool.state('fold') as KeptFold | null // written by the watch
  const moment = momentOf(program, kept)
  const { bootId, ...reading } = moment
  const keys = openKeyring(dir, spool.state('key') as KeyState | null) // written by the outbox
  const outbox = new Outbox(spool, keys, agent)
  const { bodies, fold: resumed } = resumeFold(kept, definitionsOf(config), moment)
  const isNewBoot = kept?.fold.boot !== bootId
  const isTold = isNewBoot && !config.facts.exclude.includes('host.shutdown')
  const fold = isTold ? addFacts(resumed, shutdownFacts(root, moment)) : resumed
  // Without a place in the stream the spool was lost, and these with it: a gap will say so.
  if (bodies.length > 0 && outbox.cursor) outbox.put(bodies, { fold, at: reading })
  if (outbox.quarantine) {
    report('error', 'Quarantined: no evidence is sent. See: istimrar-agent status')
  }
  const rotate = () => {
    const now = { bootId, wall: clock.wall(), boot: clock.boot() }
    try {
      const isDone = rotateWhenDue(dir, { outbox, keys, enrolledAt }, now)
      if (isDone) report('info', "The agent's key is old: a new one takes over.")
    } catch (error) {
      // Tried again with the next seal.
      if (!isDiskFull(error)) throw error
    }
  }
  const trust = new Trust(pinnedLog(identity), (chain) => {
    identity = withLogKey(identity, chain)
    writeIdentity(dir, identity)
    return pinnedLog(identity)
  })
  const context = { now: clock.wall, root, run: program.run }
  const lookers = new Map(
    config.checks.map((check) => [check.check, lookerOf(check, { ...context, kept: new Map() })]),
  )
  const usage = new Usage({
    kept: spool.state('history'),
    checks: config.checks,
    readVolumes: () => readVolumeUse(root, process.platform),
  })
  const watch = new Watch({
    ...{ agent, enrolledAt, fold, outbox, spool, usage, clock, timer, report },
    look: (name) => lookers.get(name)!(), // the fold has the checks of the configuration
    ...(metrics && { onSeen: (name, seen) => metrics.note(name, seen) }),
    onSealed: () => {
      rotate()
      delivery.wake()
    },
  })
  const delivery = new Delivery({
    ...{ outbox, keys, agent, post, clock, bootId, timer, random, report },
    ...{ trust, local: isLoopback(config.collector) },
    onContact: (contact) => watch.noteContact(contact),
  })
  const rounds = new FactRounds({
    ...{ agent, facts: config.facts, clock, timer, report },
    // On Windows only the child can tell when the system shut down before this boot.
    firstMs: isNewBoot && process.platform === 'win32' ? 0 : firstRoundMs,
    measure: factsChild(program, given),
    onFacts: (facts) => watch.addFacts(facts),
  })
  return { watch, delivery, rounds, outbox }
}

function standOf(spool: Spool, { cursor }: Outbox): Stand {
  const seq = cursor && cursor.seq - 1
  return { spool: spool.depth(), receipt: spool.lastReceipt(), seq }
}

/** How a child that soon ends is started: with the compilers it takes a third less CPU time. */
function briefly({ args }: Program['self']): string[] {
  return args.filter((arg) => arg !== '--jitless')
}

/** Starts this same program to measure the facts; it ends with the signal. */
function factsChild({ self, proxy }: Program, { file, dir }: Given) {
  const args = [...briefly(self), 'facts', '--json', '--keep', '--config', file, '--dir', dir]
  const run = childRunner(factsEnvironment(proxy))
  return (signal: AbortSignal) => run({ file: self.executable, args }, signal)
}

function readArgs({ args, places }: Program) {
  try {
    return parseArgs({ args: [...args], options: placed(sharedOptions, places) }).values
  } catch (cause) {
    throw wrongArguments(cause, 'run') ?? cause
  }
}

/** The configuration, read and checked by a short-lived child; null when it has problems. */
function readFrozen({ self, err, language }: Program, file: string): FrozenConfig | null {
  const args = [...briefly(self), 'freeze', '--config', file, '--lang', language]
  const child = spawnSync(self.executable, args, { encoding: 'utf8', maxBuffer: 8 * 1024 * 1024 })
  if (child.error) throw new AgentError('failed', 'Cannot start a child.', { cause: child.error })
  if (child.stderr) err(child.stderr)
  if (child.status === 2) return null
  if (child.status !== 0) throw new AgentError('failed', `Cannot read ${file}.`)
  return JSON.parse(child.stdout) as FrozenConfig // printed by this same program
}
