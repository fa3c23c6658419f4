import { describe, expect, test } from 'vitest'
import { host } from '../../../agent/probes/host.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { probeContext } from '../../support/loopback.ts'

describe.runIf(process.platform === 'linux')('host', () => {
  test('is up when it can be looked at', async () => {
    const root = fakeRoot({ 'proc/uptime': '1067.13 2060.17\n' })
    expect(await host({}, probeContext({ root }))).toEqual({ state: 'up' })
  })

  test.each([
    ['the file is missing', {}, 'ENOENT'],
    ['the file is not what it should be', { 'proc/uptime': 'x' }, 'Cannot read the uptime'],
  ])('makes no observation when %s', async (_name, files, message) => {
    await expect(async () => host({}, probeContext({ root: fakeRoot(files) }))).rejects.toThrow(
      message,
    )
  })
})
