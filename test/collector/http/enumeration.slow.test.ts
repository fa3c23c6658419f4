import { expect, onTestFinished, test } from 'vitest'
import { minuteMs } from '../../../protocol/time.ts'
import { goodPassword } from '../../support/accounts.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { start } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

/** Dear enough that the hash is most of an answer; about a tenth of what it costs in service. */
const passwordCost = { memory: 13, passes: 1 }
const rounds = 60
const trialsMax = 5
const ratioMax = 1.25

/** Whoever signs in, as the form is sent. */
const cases = {
  'a known account': 'sara',
  'an account that ended': 'ended',
  'one without a password': 'invited',
  'nobody of this name': 'nobody',
  'a name that is none': 'Sara ..',
} as const

test('a refused log-in takes as long whether or not there is such an account', async () => {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const clock = new TestClock(start)
  const register = twoInstitutions(folder.path)
  const collector = await openTestCollector(folder.path, clock, register, { passwordCost })
  onTestFinished(() => collector.close())
  const { accounts, app } = collector
  const admin = { id: 'amal', role: 'admin' } as const
  for (const id of ['sara', 'ended', 'invited']) {
    const { link } = await accounts.make(admin, id, { role: 'auditor' }, 'joins the ministry')
    if (id === 'invited') continue
    await accounts.acceptLink(link!.path.split('#')[1]!, goodPassword, '::1')
  }
  await accounts.end(admin, 'ended', 'left the ministry')

  /** Milliseconds of one refusal. */
  const refusal = async (account: string, password: string): Promise<number> => {
    // Nobody is limited: each try comes long after the one before.
    clock.at += minuteMs
    const began = performance.now()
    const answer = await app.inject({
      ...{ method: 'POST', url: '/login' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ account, password }).toString(),
    })
    expect([account, answer.statusCode]).toEqual([account, 401])
    return performance.now() - began
  }
  const names = Object.keys(cases) as (keyof typeof cases)[]
  let round = -5
  /** Medians of some rounds of refusals, by case. Unit: milliseconds. */
  const measure = async (rounds: number): Promise<number[]> => {
    const times = new Map(names.map((name) => [name, [] as number[]]))
    for (const end = round + rounds; round < end; round++) {
      // Each begins a round as often as the others.
      for (let i = 0; i < names.length; i++) {
        const name = names[(i + round + 5) % names.length]!
        times.get(name)!.push(await refusal(cases[name], `a wrong passphrase ${round}`))
      }
    }
    return names.map((name) => median(times.get(name)!))
  }
  await measure(5) // warms up
  const told: string[] = []
  let ratio = Number.POSITIVE_INFINITY
  // What else the machine does may hit one of them; what takes longer by itself does so each time.
  for (let trial = 0; trial < trialsMax && ratio >= ratioMax; trial++) {
    const medians = await measure(rounds)
    ratio = Math.max(...medians) / Math.min(...medians)
    told.push(names.map((name, i) => `${name}: ${medians[i]!.toFixed(1)} ms`).join(', '))
  }
  expect(ratio, told.join('\n')).toBeLessThan(ratioMax)
})

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!
}
