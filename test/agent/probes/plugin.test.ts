import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { childRunner } from '../../../agent/child.ts'
import { plugin, settings as schema } from '../../../agent/probes/plugin.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { probeContext } from '../../support/loopback.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'plugin-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

function script(text: string, mode = 0o755): string {
  const file = join(folder(), 'check_it')
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, mode)
  return file
}

const run = childRunner({ PATH: '/usr/bin:/bin', LC_ALL: 'C' })
async function look(command: string, more: object = {}, signal = new AbortController().signal) {
  return plugin(withDefaults(schema, { command, ...more }), probeContext({ run, signal }))
}

describe('plugin', () => {
  test.each([
    [0, { state: 'up', value: 0.0125 }],
    [1, { state: 'degraded', reason: 'exit_warning', value: 0.0125 }],
    [2, { state: 'down', reason: 'exit_critical', value: 0.0125 }],
  ])('exit %i', async (status, expected) => {
    const command = script(`echo "SECRET text | rta=12.5ms;1;2"; exit ${status}`)
    expect(await look(command, { value: 'rta' })).toEqual(expected)
  })

  test('without a label to look for there is no value', async () => {
    expect(await look(script('echo "OK | rta=1s"'))).toEqual({ state: 'up' })
  })

  test.each([
    ['unknown', 'exit 3', 'status 3'],
    ['any other status', 'exit 127', 'status 127'],
    ['a signal', 'kill -9 $$', 'by a signal'],
  ])('%s is no observation, and nothing it printed is told', async (_name, text, message) => {
    const error: unknown = await look(script(`echo SECRET; echo SECRET >&2; ${text}`)).catch(
      (e) => e,
    )
    expect(String(error)).toContain(message)
    expect(String(error)).not.toContain('SECRET')
  })

  test('its arguments arrive as they are, its environment is bare', async () => {
    const command = script('[ "$1" = "a b; exit 2" ] && [ "$(env | grep -c .)" -le 4 ] || exit 2')
    expect(await look(command, { arguments: ['a b; exit 2'] })).toEqual({ state: 'up' })
  })

  test('the timeout is no observation', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const settings = withDefaults(schema, { command: script('sleep 600') })
    // It is over as soon as the command is on its way, and not before that.
    const overSoon: typeof run = (...asked) => {
      const running = run(...asked)
      controller.abort()
      return running
    }
    const asked = plugin(settings, probeContext({ run: overSoon, signal }))
    await expect(asked).rejects.toThrow('in time')
  })

  test.each<[string, () => string]>([
    ['others may write', () => script('exit 0', 0o757)],
    [
      'a group other than root may write',
      () => {
        const file = script('exit 0', 0o775)
        chownSync(file, 0, 12_345)
        return file
      },
    ],
    ['a link to such a file', () => linkTo(script('exit 0', 0o757))],
    [
      'a folder in which anybody may replace it',
      () => {
        const dir = folder()
        mkdirSync(join(dir, 'open'))
        chmodSync(join(dir, 'open'), 0o777)
        const file = join(dir, 'open', 'check')
        writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 })
        return file
      },
    ],
    ['a folder', folder],
    ['nothing', () => '/no/such/check'],
    ['a device', () => '/dev/null'],
  ])('refused: %s', async (_name, make) => {
    await expect(look(make())).rejects.toThrow(/others than its owner|regular file|ENOENT/)
  })

  test('a link to a good file is followed', async () => {
    expect(await look(linkTo(script('exit 0')))).toEqual({ state: 'up' })
  })
})

function linkTo(file: string): string {
  const link = join(folder(), 'link')
  symlinkSync(file, link)
  return link
}
