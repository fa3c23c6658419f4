import { describe, expect, test } from 'vitest'
import type { ChildResult, Command } from '../../../agent/child.ts'
import { icmp, pingCommand, readPing } from '../../../agent/probes/icmp.ts'
import { probeContext } from '../../support/loopback.ts'
import { pings } from '../../support/recorded-pings.ts'

const settings = { host: '127.0.0.1', lossRatioMax: 0.5 }

function look(said: Partial<ChildResult>, host = '127.0.0.1') {
  const commands: Command[] = []
  const run = async (command: Command) => {
    commands.push(command)
    return { status: 0, stdout: '', stderr: '', aborted: false, ...said }
  }
  return { observation: icmp({ ...settings, host }, probeContext({ run })), commands }
}

describe('what ping prints', () => {
  test.each(pings)('$name', ({ text, sent, milliseconds }) => {
    const { sent: seen, seconds } = readPing(text)
    expect(seen).toBe(sent)
    expect(seconds.map((each) => Math.round(each * 1e6) / 1e3)).toEqual(milliseconds)
    expect(readPing(text.replaceAll('\n', '\r\n'))).toEqual({ sent: seen, seconds })
  })
})

describe('icmp', () => {
  const named = (name: string) => pings.find((each) => each.name === name)?.text ?? ''
  test.each<[string, Partial<ChildResult>, object]>([
    [
      'all answered',
      { stdout: named('iputils') },
      { state: 'up', value: 0.175, parts: { loss: 0 } },
    ],
    [
      'a third lost is borne',
      { stdout: named('Windows, one lost') },
      { state: 'up', value: 0.001, parts: { loss: expect.closeTo(1 / 3) } },
    ],
    [
      'silence',
      { status: 1, stdout: named('BusyBox, silence') },
      { state: 'down', reason: 'timeout', parts: { loss: 1 } },
    ],
    [
      'a router says there is no such host',
      { status: 1, stdout: named('iputils, no such host') },
      { state: 'down', reason: 'unreachable', parts: { loss: 1 } },
    ],
    [
      'this host has no way there',
      { status: 2, stderr: 'ping: connect: Network is unreachable\n' },
      { state: 'down', reason: 'unreachable', parts: { loss: 1 } },
    ],
    ['the timeout', { status: null, aborted: true }, { state: 'down', reason: 'timeout' }],
  ])('%s', async (_name, said, expected) => {
    expect(await look(said).observation).toEqual(expected)
  })

  test('more loss than is borne', async () => {
    const text = named('Windows, one lost')
    const run = async () => ({ status: 0, stdout: text, stderr: '', aborted: false })
    const observation = await icmp({ ...settings, lossRatioMax: 0.1 }, probeContext({ run }))
    expect(observation).toMatchObject({ state: 'degraded', reason: 'loss_high' })
  })

  test.each([
    ['has no right to', 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n'],
    ['knows other options', 'ping: unrecognized option: W\nBusyBox v1.36.1 multi-call binary.\n'],
  ])('where ping %s nothing was observed', async (_name, stderr) => {
    const { observation } = look({ status: 2, stderr })
    await expect(observation).rejects.toThrow('did not ping (status 2)')
  })

  test('where ping is missing nothing was observed', async () => {
    const run = () => Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' }))
    await expect(icmp(settings, probeContext({ run }))).rejects.toThrow('ENOENT')
  })

  test('ping is given an address, never a name or what looks like an option', async () => {
    const { observation, commands } = look({ stdout: named('iputils') }, 'localhost')
    await observation
    expect(commands[0]?.args.at(-1)).toMatch(/^(127\.0\.0\.1|::1)$/)
  })

  test('cloud metadata is not asked', async () => {
    const { observation, commands } = look({}, '169.254.169.254')
    await expect(observation).rejects.toMatchObject({ code: 'ERR_IP_BLOCKED' })
    expect(commands).toEqual([])
  })

  test('the command of each system', () => {
    expect(pingCommand('10.0.0.1', 'linux')).toEqual({
      file: 'ping',
      args: ['-n', '-c', '3', '-W', '2', '10.0.0.1'],
    })
    expect(pingCommand('10.0.0.1', 'win32')).toEqual({
      file: 'ping.exe',
      args: ['-n', '3', '-w', '2000', '10.0.0.1'],
    })
  })
})
