import { describe, expect, test } from 'vitest'
import { probes } from '../../../agent/probes/all.ts'
import { windowsTrial } from '../../../agent/selftest/facts.ts'
import { clockTrial, spoolTrial } from '../../../agent/selftest/keeping.ts'
import { probeTrials } from '../../../agent/selftest/probes.ts'
import { oldProtocolTrial, untrustedTrial } from '../../../agent/selftest/refusals.ts'
import { outcomeOf } from '../../../agent/selftest/trial.ts'
import { trialContext } from '../../support/trial-context.ts'
import { recordedLine } from '../../support/windows-report.ts'

/** They open servers and wait: each is tried on this machine as `agent selftest` does it. */
describe('every kind of check', () => {
  test('has a trial', () => {
    const kinds = Object.keys(probes).map((kind) => `check.${kind}`)
    expect(probeTrials.map(([name]) => name)).toEqual(kinds)
  })

  test.each(probeTrials)('%s', async (_name, trial) => {
    const { result, detail } = await outcomeOf(trial, trialContext())
    expect(result, detail.in('en')).not.toBe('fail')
  })

  test('what it looks with is broken: that is told', async () => {
    const [, trial] = probeTrials.find(([name]) => name === 'check.clock') ?? []
    // A clock that goes a minute too fast between two looks at it.
    const ahead = counting(60_000)
    const clock = { ...trialContext().clock, wall: () => Date.now() + ahead() }
    expect(await outcomeOf(trial!, trialContext({ clock }))).toMatchObject({ result: 'fail' })
  })
})

test('evidence is kept', async () => {
  expect(await spoolTrial(trialContext())).toMatchObject({ result: 'pass' })
})

describe('clocks', () => {
  const { clock } = { clock: { wall: Date.now, boot: () => 1_000, running: () => 0 } }
  const at = (changes: Partial<typeof clock>) => {
    const timer = (_delayMs: number, action: () => void) => {
      setImmediate(action)
      return () => {}
    }
    return clockTrial(trialContext({ timer, clock: { ...clock, ...changes } }))
  }

  test.each([
    ['agree', {}, 'pass'],
    ['one stands still', { running: counting(5_000) }, 'fail'],
    ['one never started', { boot: () => 0 }, 'fail'],
    ['the wall clock was never set', { wall: () => 315_532_800_000 }, 'fail'],
  ])('%s', async (_name, changes, result) => {
    expect(await at(changes)).toMatchObject({ result })
  })
})

describe('an unsafe collector', () => {
  test.each([
    ['nobody vouches for', untrustedTrial],
    ['speaks TLS 1.1', oldProtocolTrial],
  ])('that %s is refused', async (_name, trial) => {
    expect(await trial(trialContext())).toMatchObject({ result: 'pass' })
  })
})

describe('the report of Windows', () => {
  const says = (stdout: string) =>
    windowsTrial(
      trialContext({
        platform: 'win32',
        run: async () => ({ status: 0, stdout, stderr: '', aborted: false }),
      }),
    )

  test('is whole, or lacks what may not be asked', async () => {
    expect(await says(recordedLine('server-2022'))).toMatchObject({ result: 'pass' })
    const { result, detail } = await says(recordedLine('arabic-server'))
    expect([result, detail.in('en')]).toEqual([
      'pass',
      expect.stringContaining('events (access_denied)'),
    ])
  })

  test('failed in a section', async () => {
    const line = recordedLine('server-2022').replace(
      /"time":\{.*?\}\}\}/,
      '"time":{"error":"failed"}',
    )
    const { result, detail } = await says(line)
    expect([result, detail.in('en')]).toEqual(['fail', expect.stringContaining('time (failed)')])
    expect(detail.in('ar')).toContain('time')
  })

  test('is none', async () => {
    expect(await says('تم حظر البرنامج النصي')).toMatchObject({ result: 'fail' })
  })

  test('is not looked for elsewhere', async () => {
    const context = trialContext({ platform: 'linux' })
    expect(await windowsTrial(context)).toMatchObject({ result: 'not_applicable' })
  })
})

/** 5, 10, 15 … at a step of 5. */
function counting(step: number): () => number {
  let count = 0
  return () => {
    count += 1
    return count * step
  }
}
