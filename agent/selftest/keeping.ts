import { join } from 'node:path'
import { sha256 } from '../../protocol/jws.ts'
import { secondMs } from '../../protocol/time.ts'
import { selftestTexts } from '../cli/texts/selftest.ts'
import { kernelBootId } from '../clock.ts'
import { AgentError } from '../error.ts'
import { said } from '../language.ts'
import { openSpool } from '../spool-file.ts'
import type { SpooledMessage } from '../spool-row.ts'
import { fail, pass, type Trial } from './trial.ts'

/** What is kept is on disk when it is said to be, is found whole again, and is one agent's. */
export const spoolTrial: Trial = async ({ scratch, clock }) => {
  const dir = join(scratch, 'spool')
  const startedMs = clock.running()
  const first = openSpool(dir, clock.wall())
  first.commit({ added: [sample], states: { delivery: { outcome: 'selftest' } } })
  const isShared = opens(dir, clock.wall())
  first.close()
  if (isShared) return fail(said(selftestTexts.spoolShared))
  const second = openSpool(dir, clock.wall())
  const found = second.head()
  const state = JSON.stringify(second.state('delivery'))
  second.close()
  const isWhole = found?.jws === sample.jws && state === '{"outcome":"selftest"}'
  if (!isWhole) return fail(said(selftestTexts.spoolLost))
  const ms = Math.round(clock.running() - startedMs)
  return pass(said(selftestTexts.spool, { ms }))
}

function opens(dir: string, at: number): boolean {
  try {
    openSpool(dir, at).close()
    return true
  } catch (error) {
    if (error instanceof AgentError) return false
    throw error
  }
}

const sample: SpooledMessage = {
  ...{ epoch: 1, seq: 1, through: 1, type: 'batch', why: null, boot: 'selftest' },
  ...{ windowFrom: 0, windowTo: 1, sealedWall: 1, sealedBoot: 1, prev: '' },
  ...{ after: sha256('selftest'), jws: 'selftest'.repeat(512) },
}

/** 2026-01-01: a clock before this was never set. */
const builtAfter = 1_767_225_600_000
const waitMs = 1_500

/** Time since the boot goes on as time does, and the clock on the wall has been set. */
export const clockTrial: Trial = async ({ clock, timer, root, platform }) => {
  const before = { running: clock.running(), boot: clock.boot() }
  await new Promise<void>((resolve) => void timer(waitMs, resolve))
  const running = Math.round(clock.running() - before.running)
  const boot = clock.boot() - before.boot
  // Windows counts its uptime in whole ticks; a second would show a clock that does not go.
  if (Math.abs(running - boot) > secondMs || clock.boot() <= 0) {
    return fail(said(selftestTexts.clocksApart, { running, boot }))
  }
  const wall = clock.wall()
  if (wall < builtAfter) {
    return fail(said(selftestTexts.clockUnset, { date: new Date(wall).toISOString() }))
  }
  const isNamed = platform === 'linux' && kernelBootId(root) !== null
  const { bootNamed, bootGuessed } = selftestTexts
  return pass(said(selftestTexts.clocks, { boot: said(isNamed ? bootNamed : bootGuessed) }))
}
