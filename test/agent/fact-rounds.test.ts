import { describe, expect, onTestFinished, test } from 'vitest'
import type { ChildResult } from '../../agent/child.ts'
import { FactRounds, factsEnvironment, firstRoundMs } from '../../agent/fact-rounds.ts'
import { parseReadings, reportBytesMax } from '../../agent/facts/reading.ts'
import type { Fact } from '../../protocol/batch.ts'
import { hourMs, minuteMs } from '../../protocol/time.ts'
import { FakeTime } from '../support/fake-time.ts'

const os = { indicator: 'os.name', value: 'Debian 12', method: 'os-release', unit: 'text' }
const disk = {
  ...{ indicator: 'disk.healthy', value: null, method: 'smart', missing: 'no_permission' },
  ...{ detail: '2 disks', permission: 'CAP_SYS_RAWIO (SMART)', unit: 'boolean' },
}
const printed = (...facts: object[]) => JSON.stringify({ facts })
const ended = (stdout: string, status: number | null = 0): ChildResult => {
  return { status, stdout, stderr: '', aborted: status === null }
}

/** Rounds whose children answer what the test says, in turn; the last answer again and again. */
function rounds(answers: readonly (ChildResult | 'hangs' | Error)[], agent = 'a-1') {
  const time = new FakeTime()
  const told: (readonly Fact[])[] = []
  const logged: string[] = []
  const startedAt: number[] = []
  let running = 0
  const facts = new FactRounds({
    ...{ agent, clock: time.clock, timer: time.timer, firstMs: firstRoundMs },
    facts: { everyMs: 6 * hourMs, exclude: ['agent.version'] },
    measure: async (signal) => {
      running += 1
      expect(running).toBe(1)
      const answer = answers[Math.min(startedAt.length, answers.length - 1)]!
      startedAt.push(time.runningMs)
      try {
        if (answer instanceof Error) throw answer
        if (answer !== 'hangs') return answer
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return ended('', null)
      } finally {
        running -= 1
      }
    },
    onFacts: (facts) => told.push(facts),
    report: (_level, _message, fields) => logged.push(String(fields?.error)),
  })
  onTestFinished(() => facts.stop())
  facts.start()
  /** Lets the next timer run, and what it began come to its end. */
  const jump = async () => {
    await time.jump()
    await new Promise(setImmediate)
  }
  return { facts, time, told, logged, startedAt, jump }
}

describe('rounds of facts', () => {
  test('tell what changed, and everything once a day', async () => {
    const load = (value: number) => ({
      ...{ indicator: 'cpu.used_p95_ratio', value, method: 'agent', unit: 'ratio' },
    })
    const { told, jump } = rounds([
      ...[0.111111111, 0.11111112, 0.2, 0.2].map((value) => ended(printed(os, load(value)))),
    ])
    for (let i = 0; i < 6; i++) await jump()
    const names = told.map((facts) => facts.map(({ indicator }) => indicator))
    expect(names[0]).toEqual(['os.name', 'cpu.used_p95_ratio'])
    expect(told[0]?.[1]?.value).toBe(0.111111)
    expect(names.slice(1, 4)).toEqual([[], ['cpu.used_p95_ratio'], []])
    expect(names.slice(4).filter((each) => each.length === 2)).toHaveLength(1)
  })

  test('begin soon after the start, and then keep to a rhythm of the agent', async () => {
    const { startedAt, told, jump } = rounds([ended(printed(os))])
    for (let i = 0; i < 4; i++) await jump()
    expect(startedAt[0]).toBe(firstRoundMs)
    expect(startedAt.slice(2).map((at, i) => at - startedAt[i + 1]!)).toEqual([
      6 * hourMs,
      6 * hourMs,
    ])
    expect(told).toHaveLength(4)
  })

  test('do not fall together for all agents', async () => {
    const seconds = await Promise.all(
      ['a-1', 'a-2', 'a-3'].map(async (agent) => {
        const { startedAt, jump } = rounds([ended(printed(os))], agent)
        for (let i = 0; i < 2; i++) await jump()
        return startedAt[1]
      }),
    )
    expect(new Set(seconds).size).toBe(3)
  })

  test('tell what may leave the host, dated by the boot clock when it was measured', async () => {
    const version = { indicator: 'agent.version', value: '1', method: 'agent' }
    const { told, time, jump } = rounds([ended(printed(os, disk, version))])
    const at = time.bootMs + firstRoundMs
    await jump()
    expect(told).toEqual([
      [
        { indicator: 'os.name', at, value: 'Debian 12', method: 'os-release' },
        {
          ...{ indicator: 'disk.healthy', at, value: null, method: 'smart' },
          ...{ missing: 'no_permission', detail: '2 disks' },
        },
      ],
    ])
  })

  test.each<[string, ChildResult | Error, RegExp]>([
    ['ended badly', ended(printed(os), 1), /ended with 1/],
    ['could not be started', new Error('spawn EAGAIN'), /EAGAIN/],
    ['printed something else', ended('agent: no\n'), /JSON/],
    ['printed a fact that is none', ended(printed(os, { ...disk, value: 1 })), /reason/],
    ['said too much', ended(' '.repeat(reportBytesMax + 1)), /too long/],
  ])('a run that %s adds nothing, is logged, and is tried again', async (_name, bad, error) => {
    const { told, logged, startedAt, jump } = rounds([bad, ended(printed(os))])
    await jump()
    expect([told, logged]).toEqual([[], [expect.stringMatching(error)]])
    await jump()
    expect(startedAt[1]! - startedAt[0]!).toBe(10 * minuteMs)
    expect(told).toHaveLength(1)
  })

  test('a run that hangs is ended after a minute', async () => {
    const { told, logged, time, jump } = rounds(['hangs', ended(printed(os))])
    await jump()
    await jump()
    expect(time.runningMs).toBe(firstRoundMs + minuteMs)
    expect(logged).toEqual(['It took too long.'])
    await jump()
    expect(told).toHaveLength(1)
  })

  test('end with the agent, and what is under way with them', async () => {
    const { facts, told, logged, jump } = rounds(['hangs'])
    await jump()
    facts.stop()
    await new Promise(setImmediate)
    expect([told, logged]).toEqual([[], []])
  })
})

test.each<[string, string]>([
  ['no JSON', 'x'],
  ['no facts', '{}'],
  ['null', '{"facts":[null]}'],
  ['a field that is unknown', printed({ ...os, path: '/etc/shadow' })],
  ['an indicator that is unknown', printed({ ...os, indicator: 'users.names' })],
  ['an indicator twice', printed(os, os)],
  ['more than any run tells', printed(...Array(400).fill(os))],
])('what a child says is read strictly: %s', (_name, text) => {
  expect(() => parseReadings(text)).toThrow(Error)
})

test('the child gets the proxies, and nothing else of ours', () => {
  const ours = {
    ...{ HTTPS_PROXY: 'http://proxy:3128', no_proxy: 'localhost', SystemRoot: 'C:\\Windows' },
    ...{ DATABASE_PASSWORD: 'secret', NODE_OPTIONS: '--require x', LD_PRELOAD: 'x.so' },
  }
  expect(factsEnvironment(ours)).toEqual({
    ...{ HTTPS_PROXY: 'http://proxy:3128', no_proxy: 'localhost', SystemRoot: 'C:\\Windows' },
  })
})
