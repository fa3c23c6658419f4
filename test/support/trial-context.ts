import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, uptime } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { childRunner } from '../../agent/child.ts'
import type { TrialContext } from '../../agent/selftest/trial.ts'

/** What a trial of `agent selftest` is handed: this machine, and an empty folder. */
export function trialContext(changes: Partial<TrialContext> = {}): TrialContext {
  const scratch = mkdtempSync(join(tmpdir(), 'istimrar-trial-'))
  onTestFinished(() => rmSync(scratch, { recursive: true }))
  return {
    platform: process.platform,
    clock: {
      wall: Date.now,
      boot: () => Math.round(uptime() * 1_000),
      running: () => performance.now(),
    },
    timer: (delayMs, action) => {
      const timer = setTimeout(action, delayMs)
      return () => clearTimeout(timer)
    },
    root: '/',
    run: childRunner({ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }),
    dir: join(scratch, 'agent-data'),
    scratch,
    ...changes,
  }
}
