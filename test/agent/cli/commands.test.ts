import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newFold, observe } from '../../../agent/fold.ts'
import { readIdentity } from '../../../agent/identity.ts'
import { Keyring } from '../../../agent/keyring.ts'
import { Outbox } from '../../../agent/outbox.ts'
import { seal } from '../../../agent/seal.ts'
import { openSpool } from '../../../agent/spool-file.ts'
import { version } from '../../../agent/version.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { command as run } from '../../support/agent-command.ts'
import { enrolledFolder, temporaryFolder } from '../../support/agent-folder.ts'
import { FakeCollector } from '../../support/fake-collector.ts'
import { FakeTime } from '../../support/fake-time.ts'
import { closedPort } from '../../support/loopback.ts'

const token = 'tOkEn'.padEnd(43, 'x')

function agentYaml(collector: string, more = ''): string {
  const file = join(temporaryFolder(), 'agent.yaml')
  writeFileSync(
    file,
    `apiVersion: istimrar.agent/v1
collector: ${collector}
name: web-1
checks:
  - { name: host, kind: host }
  - { name: gone, kind: tcp, host: 127.0.0.1, port: 1 }
${more}`,
  )
  return file
}

describe('help', () => {
  test('lists the commands; each has its own', async () => {
    const { code, out } = await run('help')
    expect(code).toBe(0)
    const commands = [
      ...['init', 'enrol', 'run', 'status', 'check', 'show-next-batch', 'receipts', 'rotate-key'],
      'rejoin',
    ]
    for (const command of commands) {
      expect(out).toContain(`  ${command} `)
      const help = await run(command, '--help')
      expect(help).toMatchObject({ code: 0, err: '' })
      expect(help.out).toContain(`agent ${command}`)
    }
  })

  test('the version is printed', async () => {
    expect((await run('--version')).out).toBe(`${version}\n`)
  })

  test.each([
    ['an unknown command', ['fly'], 'There is no command "fly"'],
    ['an unknown option', ['status', '--wings'], "Unknown option '--wings'"],
    ['an operand that is missing', ['check'], 'Use: agent check NAME'],
    ['an operand too many', ['status', 'please'], 'Use: agent status'],
  ])('%s is answered in one line', async (_name, [command, ...args], message) => {
    const { code, err } = await run(command!, ...args)
    expect(code).toBe('usage')
    expect(err).toContain(message)
    expect(err).not.toContain('\n')
  })
})

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
    expect(err).toBe(`Cannot reach 127.0.0.1:${port}: ECONNREFUSED.`)
  })
})

describe('check', () => {
  test('prints what would be reported, good or bad', async () => {
    const config = agentYaml('http://127.0.0.1:1')
    const good = await run('check', 'host', '--config', config)
    expect(JSON.parse(good.out)).toMatchObject({ check: 'host', kind: 'host', state: 'up' })
    const bad = await run('check', 'gone', '--config', config)
    expect(bad.code).toBe(0)
    expect(JSON.parse(bad.out)).toMatchObject({ state: 'down', reason: 'refused' })
    expect(bad.out).not.toContain('127.0.0.1')
  })

  test('an unknown name, a file that is not there, a file with problems', async () => {
    const config = agentYaml('http://127.0.0.1:1')
    const unknown = await run('check', 'web', '--config', config)
    expect(unknown).toMatchObject({ code: 'usage', err: expect.stringContaining('host, gone') })
    const missing = await run('check', 'host', '--config', '/nowhere/agent.yaml')
    expect(missing.err).toContain('agent init')
    const broken = agentYaml('http://127.0.0.1:1', '  - { name: x, kind: y }\ncolour: red\n')
    const { code, err } = await run('check', 'host', '--config', broken)
    expect(code).toBe(2)
    expect(err.trim().split('\n')).toHaveLength(2)
  })
})

describe('what is only looked at', () => {
  test.each(['status', 'show-next-batch', 'receipts'])('%s says how to enrol', async (command) => {
    const { code, err } = await run(command, '--dir', temporaryFolder())
    expect(code).toBe('failed')
    expect(err).toContain('agent enrol')
  })

  async function withBatch() {
    const collector = await FakeCollector.start()
    const { dir, identity, signer } = enrolledFolder(collector)
    const time = new FakeTime()
    const spool = openSpool(dir, 0)
    const outbox = new Outbox(spool, new Keyring([signer], null), identity.agent)
    const at = { wall: time.wallMs, boot: time.bootMs }
    const definitions = ['web', 'db'].map((check) => {
      return { check, kind: 'tcp', intervalMs: minuteMs } as const
    })
    let fold = newFold('b007-0001', definitions, 0)
    for (const boot of [at.boot - minuteMs, at.boot]) {
      fold = observe(fold, 'web', { state: 'up', at: boot })
    }
    fold = observe(fold, 'db', { state: 'down', reason: 'refused', at: at.boot - 5_000 })
    return { dir, spool, outbox, fold, at }
  }

  test('show what is known while the agent has the spool open', async () => {
    const { dir, spool, outbox, fold, at } = await withBatch()
    const before = await run('show-next-batch', '--dir', dir)
    expect(before).toMatchObject({ out: '', err: 'Nothing yet.\n' })

    spool.commit({ states: { fold: { fold, at } } })
    const preview = await run('show-next-batch', '--dir', dir)
    expect(preview.err).toBe('As it would be sealed now:\n')
    const run1 = { check: 'web', state: 'up', count: 1 }
    expect(JSON.parse(preview.out)).toMatchObject({ runs: [run1] })

    const sealed = seal(fold, at, false)
    outbox.put(sealed.bodies, { fold: sealed.fold, at })
    const next = await run('show-next-batch', '--dir', dir)
    expect(next.err).toBe('Signed and waiting:\n')
    expect(JSON.parse(next.out)).toMatchObject({ seq: 1, runs: [run1] })

    const { out } = await run('status', '--dir', dir)
    expect(out).toMatch(/^Agent {7}a-[0-9a-f]{8} \(web-1\)$/m)
    expect(out).toContain('environment portal of ministry')
    expect(out).toMatch(/^Spool +1 messages, \d+ bytes$/m)
    expect(out).toMatch(/^Receipt +none yet$/m)
    expect(out).toMatch(/^ {2}web +up +0 s ago then$/m)
    expect(out).toMatch(/^ {2}db +down, to be confirmed \(refused\) +5 s ago then$/m)
    spool.close()
  })

  test('every receipt is handed out, one a line, the oldest first', async () => {
    const { dir, spool, outbox, fold, at } = await withBatch()
    expect((await run('receipts', '--dir', dir)).out).toBe('')
    for (const seq of [1, 2]) {
      const more = observe(fold, 'web', { state: 'up', at: at.boot + seq * minuteMs })
      outbox.put(seal(more, { ...at, boot: at.boot + seq * minuteMs }, false).bodies, { fold, at })
      const message = outbox.head()!
      spool.commit({
        delivered: { of: message, jws: `receipt ${seq}`, received: seq, keptAt: seq },
      })
    }
    const { code, out } = await run('receipts', '--dir', dir)
    expect([code, out]).toEqual([0, 'receipt 1\nreceipt 2\n'])
    spool.close()
  })

  test('status names what agent.yaml says otherwise than the enrolment', async () => {
    const { dir } = await withBatch()
    const config = agentYaml('http://127.0.0.1:1')
    const { out, err } = await run('status', '--dir', dir, '--config', config)
    expect(out).toContain('Agent ')
    expect(err).toContain('Warning: agent.yaml says collector: http://127.0.0.1:1')
    expect(err).not.toContain('enrolled as')
  })

  test('status says what somebody has to look at', async () => {
    const { dir, spool, outbox, fold, at } = await withBatch()
    outbox.put(seal(fold, at, false).bodies, { fold, at })
    outbox.isolate({ at: at.wall - 3 * minuteMs, code: 'conflict' })
    const contradiction = { log: 'national', held: 'a', got: 'b', at: 1 }
    const checkpoints = { held: [], contradictions: [contradiction] }
    spool.commit({ states: { checkpoints } })
    const { out } = await run('status', '--dir', dir)
    expect(out).toMatch(/^Quarantined {2}3 min ago; nothing is sent\..* agent rejoin$/m)
    expect(out).toMatch(/^ALARM +the collector's log contradicts itself \(national\)/m)
  })
})
