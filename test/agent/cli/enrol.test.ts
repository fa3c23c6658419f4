import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readIdentity } from '../../../agent/identity.ts'
import { openSpool } from '../../../agent/spool-file.ts'
import { command as run } from '../../support/agent-command.ts'
import { agentYaml, temporaryFolder } from '../../support/agent-folder.ts'
import { closedPort } from '../../support/closed-port.ts'
import { FakeCollector } from '../../support/fake-collector.ts'

const token = 'tOkEn'.padEnd(43, 'x')

describe('enrol', () => {
  test('makes a key that only its owner reads, and keeps what the collector answered', async () => {
    const collector = await FakeCollector.start()
    const dir = join(temporaryFolder(), 'data')
    const config = agentYaml(collector.url)
    const said = await run('enrol', '--config', config, '--dir', dir, '--token', token)
    expect(said.err).toBe('')
    expect(said.out).toMatch(/^Enrolled as a-[0-9a-f]{8} in portal of ministry\.\n$/)
    expect(statSync(join(dir, 'agent.key')).mode & 0o777).toBe(0o600)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    expect(collector.of('enrolment')[0]?.content).toMatchObject({ v: 1, token, name: 'web-1' })
    expect(readIdentity(dir)).toMatchObject({
      ...{ name: 'web-1', collector: collector.url, log: collector.log },
    })
    const spool = openSpool(dir, 0)
    expect(spool.state('cursor')).toMatchObject({ epoch: 1, seq: 1 })
    spool.close()
  })

  test('again changes nothing, asks nothing', async () => {
    const collector = await FakeCollector.start()
    const args = ['--collector', collector.url, '--name', 'web-1', '--dir', temporaryFolder()]
    const first = await run('enrol', ...args, '--token', token)
    const key = readFileSync(join(args.at(-1)!, 'agent.key'), 'utf8')
    const second = await run('enrol', ...args, '--token', token)
    expect([first.code, second.code]).toEqual([0, 0])
    expect(second.out).toContain('Enrolled already')
    expect(readFileSync(join(args.at(-1)!, 'agent.key'), 'utf8')).toBe(key)
    expect(collector.of('enrolment')).toHaveLength(1)
  })

  test('after an answer was lost the same key asks again', async () => {
    const collector = await FakeCollector.start()
    const args = ['--collector', collector.url, '--name', 'web-1', '--dir', temporaryFolder()]
    collector.answer = () => 'cut'
    const first = await run('enrol', ...args, '--token', token)
    expect(first.code).toBe('failed')
    expect(first.err).toContain('Cannot reach 127.0.0.1')
    collector.answer = () => null
    expect((await run('enrol', ...args, '--token', token)).code).toBe(0)
    const [one, two] = collector.of('enrolment')
    expect(two?.jws).toBe(one?.jws)
  })

  test('after a crash before the end the stream stays where it was', async () => {
    const collector = await FakeCollector.start()
    const dir = temporaryFolder()
    const args = ['--collector', collector.url, '--name', 'web-1', '--dir', dir, '--token', token]
    await run('enrol', ...args)
    const cursor = { epoch: 1, seq: 5, prev: 'a'.repeat(64), afterLoss: false }
    const before = openSpool(dir, 0)
    before.commit({ states: { cursor } })
    before.close()
    rmSync(join(dir, 'identity.json'))
    expect((await run('enrol', ...args)).code).toBe(0)
    const after = openSpool(dir, 0)
    expect(after.state('cursor')).toEqual(cursor)
    after.close()
  })

  test.each([
    ['takes the token from a file', 0o600, ''],
    ['warns of a token file that others can read', 0o640, 'others on this host can read'],
  ])('%s', async (_name, mode, warning) => {
    const collector = await FakeCollector.start()
    const dir = temporaryFolder()
    writeFileSync(join(dir, 'token'), `${token}\n`, { mode })
    const where = ['--collector', collector.url, '--name', 'web-1', '--dir', dir]
    const { code, err } = await run('enrol', ...where, '--token-file', join(dir, 'token'))
    expect(code).toBe(0)
    expect(err).toContain(warning)
    expect(err === '').toBe(warning === '')
  })

  describe('when an administrator has to approve', () => {
    const waiting = { status: 202, body: '{"code":"pending","message":"wait"}' }
    async function asking() {
      const collector = await FakeCollector.start()
      const dir = temporaryFolder()
      collector.answer = () => waiting
      const args = ['--collector', collector.url, '--name', 'web-1', '--dir', dir, '--token', token]
      return { collector, dir, args }
    }

    test('it says so, ends, and goes on when called again: the same request', async () => {
      const { collector, dir, args } = await asking()
      const first = await run('enrol', ...args)
      expect(first).toMatchObject({ code: 3, err: '' })
      expect(first.out).toContain('An administrator has to approve')
      expect(readIdentity(dir)).toBeNull()
      collector.answer = () => null
      expect((await run('enrol', ...args)).code).toBe(0)
      const [one, two] = collector.of('enrolment')
      expect(two?.jws).toBe(one?.jws)
    })

    test('or waits, also while the collector is away for a moment', async () => {
      const { collector, dir, args } = await asking()
      const answers = [waiting, { status: 503 }, 'cut', 'cut', waiting] as const
      let i = 0
      collector.answer = () => answers[i++] ?? null
      const { code, out, waitedMs } = await run('enrol', ...args, '--wait', '5')
      expect(code).toBe(0)
      expect(out.match(/has to approve/g)).toHaveLength(1)
      expect(waitedMs).toBeGreaterThan(30_000)
      expect(readIdentity(dir)).not.toBeNull()
    })

    test('and ends when it waited long enough, or was refused', async () => {
      const { collector, args } = await asking()
      const tired = await run('enrol', ...args, '--wait', '2')
      expect(tired.code).toBe(3)
      expect(tired.waitedMs).toBe(120_000)
      let count = 0
      collector.answer = () => (count++ === 0 ? waiting : { status: 401, body: '{}' })
      const refused = await run('enrol', ...args, '--wait', '2')
      expect(refused.code).toBe('failed')
      expect(refused.err).toContain('does not accept the token')
    })

    test.each(['x', '-1', '1441', '1.5'])('%s minutes are none', async (minutes) => {
      const { args } = await asking()
      const { code, err } = await run('enrol', ...args, `--wait=${minutes}`)
      expect(code).toBe('usage')
      expect(err).toContain('--wait takes minutes')
    })
  })

  test('again under another name: that is said, and changes nothing', async () => {
    const collector = await FakeCollector.start()
    const args = ['--collector', collector.url, '--dir', temporaryFolder(), '--token', token]
    await run('enrol', ...args, '--name', 'web-1')
    const { code, err } = await run('enrol', ...args, '--name', 'web-2')
    expect(code).toBe(0)
    expect(err).toContain('enrolled as web-1')
  })

  test.each([
    [401, 'does not accept the token'],
    [409, 'Another agent of this name'],
    [500, 'answered 500'],
    [200, 'answered 200'],
  ])('when the collector says %i', async (status, message) => {
    const collector = await FakeCollector.start()
    collector.answer = () => ({ status, body: '{}' })
    const args = ['--collector', collector.url, '--name', 'web-1', '--dir', temporaryFolder()]
    const { code, err } = await run('enrol', ...args, '--token', token)
    expect(code).toBe('failed')
    expect(err).toContain(message)
    expect(err).not.toContain(token)
    expect(readIdentity(args.at(-1)!)).toBeNull()
  })

  test.each([
    ['no token', [], 'Say --token-file'],
    ['something else for a token', ['--token', 'secret'], 'no token'],
    ['a token file that is not there', ['--token-file', '/nowhere/token'], 'no such file'],
    ['plain text to another machine', ['--collector', 'http://10.0.0.1'], 'https://'],
    ['no address', ['--collector', 'istimrar'], 'must be an address'],
    ['a name that is none', ['--token', token, '--name', 'Web 1'], '--name takes'],
  ])('%s', async (_name, args, message) => {
    const where = ['--collector', 'http://127.0.0.1:1', '--name', 'web-1']
    const { code, err } = await run('enrol', ...where, '--dir', temporaryFolder(), ...args)
    expect(code).toBe('usage')
    expect(err).toContain(message)
  })

  test('says who cannot be reached', async () => {
    const port = await closedPort()
    const where = ['--collector', `http://127.0.0.1:${port}`, '--name', 'web-1']
    const { err } = await run('enrol', ...where, '--dir', temporaryFolder(), '--token', token)
    expect(err).toContain(`Cannot reach 127.0.0.1:${port}: ECONNREFUSED.`)
  })
})
