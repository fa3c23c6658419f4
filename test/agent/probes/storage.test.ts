import { execFileSync } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { backup, settings as schema } from '../../../agent/probes/backup.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { temporaryFolder } from '../../support/agent-folder.ts'
import { probeContext } from '../../support/loopback.ts'

test.runIf(process.platform === 'linux')(
  'storage that hangs leaves a thread for names, and what could not be asked is not known',
  async () => {
    // As a network disk that is gone, opening a pipe that nobody writes to never ends.
    const pipe = join(temporaryFolder(), 'pipe')
    execFileSync('mkfifo', [pipe])
    const release = () => closeSync(openSync(pipe, 'r+'))
    onTestFinished(release)
    const settings = withDefaults(schema, { path: pipe, success: 'done' })
    const { run } = probeContext()
    const timeout = new AbortController()
    const looks = Array.from({ length: 6 }, () => {
      const context = probeContext({ run, signal: timeout.signal })
      return { context, seen: Promise.resolve(backup(settings, context)) }
    })
    expect(await lookup('localhost')).toHaveProperty('address')
    timeout.abort()
    const seen = await Promise.allSettled(looks.map((look) => look.seen))
    const hung = { status: 'fulfilled', value: { state: 'degraded', reason: 'timeout' } }
    const unknown = {
      status: 'rejected',
      reason: { message: expect.stringContaining('not asked') },
    }
    expect(seen).toMatchObject([hung, hung, hung, unknown, unknown, unknown])
    const again = backup({ ...settings, path: devNull }, probeContext({ run }))
    release()
    expect(await again).toEqual({ state: 'degraded', reason: 'backup_missing' })
  },
)
