import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { guessBootId, kernelBootId } from './clock.ts'
import { Delivery } from './deliver.ts'
import { AgentError } from './error.ts'
import type { KeptFold } from './fold.ts'
import { definitionsOf, type FrozenConfig } from './frozen.ts'
import {
  type Identity,
  notEnrolled,
  openSigner,
  pinnedLog,
  readIdentity,
  type Signer,
} from './identity.ts'
import { jsonLog, type Log } from './log.ts'
import { look } from './look.ts'
import { Outbox } from './outbox.ts'
import { openPost } from './post.ts'
import { type Program, sharedOptions } from './program.ts'
import { resumeFold } from './resume.ts'
import type { Spool } from './spool.ts'
import { openSpool } from './spool-file.ts'
import { isLoopback } from './targets.ts'
import { version } from './version.ts'
import { Watch } from './watch.ts'

/** Little runs here, and seldom: without its compilers V8 keeps 3 MB less in memory. */
const idleFlags = ['--no-opt', '--no-maglev', '--no-sparkplug']

/**
 * `agent run`: observes and delivers until it is asked to stop. Nothing heavy is loaded here, as
 * this process stays: `agent.yaml` is read by a child that ends. Resolves to the exit code.
 */
export async function run(program: Program): Promise<number> {
  for (const flag of idleFlags) setFlagsFromString(flag)
  const { config: file, dir } = readArgs(program.args)
  const config = readFrozen(program, file)
  if (!config) return 2
  const identity = readIdentity(dir)
  if (!identity) throw notEnrolled(dir)
  const spool = openSpool(dir, program.clock.wall())
  const report = jsonLog(program.out, program.clock.wall)
  const { post, close } = await openPost(config.collector, program)
  const signer = openSigner(dir)
  const { watch, delivery } = assemble(program, { config, identity, signer, spool, report, post })
  const { agent } = identity
  report('info', 'The agent runs.', { agent, version, checks: config.checks.length })
  watch.start()
  delivery.wake()
  await program.stopped
  watch.stop()
  await delivery.stop()
  close()
  spool.close()
  report('info', 'The agent stopped.')
  return 0
}

type Given = {
  readonly config: FrozenConfig
  readonly identity: Identity
  readonly signer: Signer
  readonly spool: Spool
  readonly report: Log
  readonly post: Awaited<ReturnType<typeof openPost>>['post']
}

function assemble(program: Program, given: Given) {
  const { clock, timer, random, root } = program
  const { config, identity, signer, spool, report, post } = given
  const { agent } = identity
  const kept = spool.state('fold') as KeptFold | null // written by the watch
  const reading = { wall: clock.wall(), boot: clock.boot() }
  const before = kept && { id: kept.fold.boot, ...kept.at }
  const bootId = kernelBootId(root) ?? guessBootId(before, reading, randomUUID)
  const outbox = new Outbox(spool, signer, agent)
  const { bodies, fold } = resumeFold(kept, definitionsOf(config), { bootId, ...reading })
  // Without a place in the stream the spool was lost, and these with it: a gap will say so.
  if (bodies.length > 0 && outbox.cursor) outbox.put(bodies, { fold, at: reading })
  const checks = new Map(config.checks.map((check) => [check.check, check]))
  const context = { now: clock.wall, root }
  const watch = new Watch({
    ...{ agent, enrolledAt: identity.enrolledAt, fold, outbox, spool, clock, timer, report },
    look: (name) => look(checks.get(name)!, context),
    onSealed: () => delivery.wake(),
  })
  const delivery = new Delivery({
    ...{ outbox, signer, agent, post, clock, bootId, timer, random, report },
    log: pinnedLog(identity),
    local: isLoopback(config.collector),
    onContact: (contact) => watch.noteContact(contact),
  })
  return { watch, delivery }
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: sharedOptions }).values
  } catch (cause) {
    const { message } = cause as Error // parseArgs says what is wrong
    throw new AgentError('usage', `${message} Try: agent run --help`, { cause })
  }
}

/** The configuration, read and checked by a short-lived child; null when it has problems. */
function readFrozen({ self, err }: Program, file: string): FrozenConfig | null {
  const args = [...self.args, 'freeze', '--config', file]
  const child = spawnSync(self.executable, args, { encoding: 'utf8', maxBuffer: 8 * 1024 * 1024 })
  if (child.error) throw new AgentError('failed', 'Cannot start a child.', { cause: child.error })
  if (child.stderr) err(child.stderr)
  if (child.status === 2) return null
  if (child.status !== 0) throw new AgentError('failed', `Cannot read ${file}.`)
  return JSON.parse(child.stdout) as FrozenConfig // printed by this same program
}
