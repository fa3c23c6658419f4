import { type EpochMs, hourMs } from '../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from './collector.ts'
import { temporaryFolder } from './folder.ts'
import { WireAgent } from './wire-agent.ts'

export type HeardAgent = {
  readonly folder: ReturnType<typeof temporaryFolder>
  readonly clock: TestClock
  readonly collector: TestCollector
  readonly agent: WireAgent
  close(): Promise<void>
}

/** A collector in a folder of its own, and an agent whose host booted an hour ago and is heard. */
export async function openHeardAgent(now: EpochMs): Promise<HeardAgent> {
  const folder = temporaryFolder()
  const clock = new TestClock(now)
  const collector = await openTestCollector(folder.path, clock)
  const agent = new WireAgent(collector.app, now - hourMs)
  await agent.enrol(await collector.token())
  await agent.heartbeat(hourMs)
  const close = async () => {
    await collector.close()
    folder[Symbol.dispose]()
  }
  return { folder, clock, collector, agent, close }
}
