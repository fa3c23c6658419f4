import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Contact, Delivery } from '../../agent/deliver.ts'
import { newFold, observe } from '../../agent/fold.ts'
import { type Identity, pinnedLog, withLogKey, writeIdentity } from '../../agent/identity.ts'
import { type KeyState, openKeyring } from '../../agent/keyring.ts'
import type { Log } from '../../agent/log.ts'
import { Outbox } from '../../agent/outbox.ts'
import { openPost } from '../../agent/post.ts'
import { seal } from '../../agent/seal.ts'
import { Spool } from '../../agent/spool.ts'
import { openSpool } from '../../agent/spool-file.ts'
import { Trust } from '../../agent/trust.ts'
import { minuteMs } from '../../protocol/time.ts'
import { enrolledFolder } from './agent-folder.ts'
import { FakeCollector } from './fake-collector.ts'
import { FakeTime } from './fake-time.ts'
import { FullDisk } from './full-disk.ts'

type Options = {
  messages?: number
  local?: boolean
  lost?: boolean
  random?: number
  /** How long an answer is waited for, in real time. */
  timeoutMs?: number
}

/** A delivery with a real spool and a real connection; time stands until a test moves it. */
export async function start(options: Options = {}) {
  const { messages = 0, lost = false, ...others } = options
  const collector = await FakeCollector.start()
  const { dir, identity } = enrolledFolder(collector)
  const time = new FakeTime()
  openSpool(dir, 0).close()
  const db = new FullDisk(join(dir, 'spool.sqlite'))
  const spool = new Spool(db)
  if (lost) spool.commit({ states: { cursor: null } })
  onTestFinished(() => spool.close())
  const started = await startIn(dir, { collector, dir, identity, time, spool, ...others })
  for (let i = 0; i < messages; i++) addMessage(started.outbox, i)
  started.delivery.wake()
  return { collector, dir, identity, time, db, spool, ...started }
}

type Parts = {
  readonly collector: FakeCollector
  readonly dir: string
  readonly identity: Identity
  readonly time: FakeTime
  readonly spool: Spool
}

/** The next process of the agent in the same folder, over the same spool. */
export async function startAgain(parts: Parts) {
  const started = await startIn(parts.dir, parts)
  started.delivery.wake()
  return started
}

async function startIn(
  dir: string,
  { collector, time, spool, local = false, random = 0.5, timeoutMs, ...rest }: Parts & Options,
) {
  let { identity } = rest
  const keys = openKeyring(dir, spool.state('key') as KeyState | null) // written by the outbox
  const outbox = new Outbox(spool, keys, identity.agent)
  const { post, close } = await openPost(
    collector.url,
    timeoutMs === undefined ? {} : { timeoutMs },
  )
  const logged: string[] = []
  const codes: unknown[] = []
  const contacts: Contact['outcome'][] = []
  const report: Log = (_level, message, { code } = {}) => {
    logged.push(message)
    if (code !== undefined) codes.push(code)
  }
  const trust = new Trust(pinnedLog(identity), (chain) => {
    identity = withLogKey(identity, chain)
    writeIdentity(dir, identity)
    return pinnedLog(identity)
  })
  const delivery = new Delivery({
    ...{ outbox, keys, agent: identity.agent, trust, post, report, local },
    ...{ clock: time.clock, timer: time.timer, bootId: 'b007-0001' },
    random: () => random,
    onContact: ({ outcome }) => contacts.push(outcome),
  })
  /** Ends this process in order. */
  const stop = async () => {
    await delivery.stop()
    close()
  }
  onTestFinished(stop)
  return { keys, outbox, delivery, logged, codes, contacts, stop }
}

/** Seals one more message. */
export function addMessage(outbox: Outbox, i: number): void {
  let fold = newFold('b007-0001', [{ check: 'web', kind: 'http', intervalMs: minuteMs }], 0)
  for (const at of [i, i + 1]) fold = observe(fold, 'web', { state: 'up', at: at * minuteMs })
  const at = { wall: 0, boot: (i + 1) * minuteMs }
  const sealed = seal(fold, at, false)
  outbox.put(sealed.bodies, { fold: sealed.fold, at })
}

/** Runs timers until what is asked for has come. */
export async function drive<T>(time: FakeTime, wanted: Promise<T>): Promise<T> {
  let isThere = false
  const done = wanted.finally(() => {
    isThere = true
  })
  while (!isThere) await Promise.race([done, time.jump()])
  return done
}

/** Waits until the collector stored so many messages. */
export async function untilStored(collector: FakeCollector, count: number): Promise<void> {
  while (collector.stored().size < count)
    await collector.until('batch', collector.of('batch').length + 1)
}

/** Waits until the exchange under way is over: then the next timer is set. */
export async function settle(time: FakeTime): Promise<void> {
  await time.untilNext()
}
