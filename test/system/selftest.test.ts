import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateKey } from '../../protocol/jws.ts'
import { agent } from '../support/agent-process.ts'
import { fakeRoot } from '../support/fake-root.ts'
import { temporaryFolder } from '../support/folder.ts'

type Told = {
  pass: number
  fail: number
  not_applicable: number
  trials: { name: string; result: string; detail: string }[]
}

test('proves on this very machine that the agent works, and leaves nothing', async () => {
  const dir = withKey(0o600)
  using own = temporaryFolder()
  const asked = ['selftest', '--json', '--dir', dir]
  const { code, out, err } = await agent(asked, undefined, { TMPDIR: own.path })
  const told = JSON.parse(out) as Told
  expect(told.trials.filter(({ result }) => result === 'fail')).toEqual([])
  expect([code, err, told.fail]).toEqual([0, '', 0])
  expect(told.pass).toBeGreaterThan(15)
  expect(told.trials.find(({ name }) => name === 'key.own')).toMatchObject({ result: 'pass' })
  expect(readdirSync(own.path)).toEqual([])
  expect(readdirSync(dir)).toEqual(['agent.key'])
})

test('one thing that fails is named, in Arabic too, and is the exit code', async () => {
  const dir = withKey(0o644)
  const { code, out } = await agent(['selftest', '--lang', 'ar', '--dir', dir])
  expect(code).toBe(1)
  const line = out.split('\n').find((each) => each.includes('key.own'))
  expect(line).toContain('فاشل')
  expect(line).toContain('0644')
})

function withKey(mode: number): string {
  const dir = fakeRoot({ 'agent.key': generateKey().privatePem })
  chmodSync(join(dir, 'agent.key'), mode)
  return dir
}
