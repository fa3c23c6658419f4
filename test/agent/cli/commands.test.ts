import { describe, expect, test } from 'vitest'
import { progressTexts } from '../../../agent/cli/texts/status.ts'
import { newFold, observe } from '../../../agent/fold.ts'
import { Keyring } from '../../../agent/keyring.ts'
import { say } from '../../../agent/language.ts'
import { Outbox } from '../../../agent/outbox.ts'
import { seal } from '../../../agent/seal.ts'
import { openSpool } from '../../../agent/spool-file.ts'
import { version } from '../../../agent/version.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { command as run } from '../../support/agent-command.ts'
import { agentYaml, enrolledFolder, temporaryFolder } from '../../support/agent-folder.ts'
import { FakeCollector } from '../../support/fake-collector.ts'
import { FakeTime } from '../../support/fake-time.ts'

describe('help', () => {
  test('lists the commands; each has its own', async () => {
    const { code, out } = await run('help')
    expect(code).toBe(0)
    const commands = [
      ...['init', 'enrol', 'run', 'status', 'check', 'show-next-batch', 'receipts', 'rotate-key'],
      ...['rejoin', 'facts'],
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
    [
      'an unknown option',
      ['status', '--wings'],
      'There is no option --wings. Try: istimrar-agent status',
    ],
    ['an unknown letter', ['status', '-w'], 'There is no option -w.'],
    ['a value that is missing', ['check', 'host', '--config'], '--config needs a value.'],
    ['an option as a value', ['status', '--config', '--dir', 'x'], '--config needs a value.'],
    ['a value too many', ['sent', '--json=yes'], '--json takes no value.'],
    ['the same in Arabic', ['status', '--wings', '--lang', 'ar'], 'لا يعرف هذا الأمر الخيار'],
    ['an operand that is missing', ['check'], 'Use: istimrar-agent check NAME'],
    ['an operand too many', ['status', 'please'], 'Use: istimrar-agent status'],
  ])('%s is answered in one line', async (_name, [command, ...args], message) => {
    const { code, err } = await run(command!, ...args)
    expect(code).toBe('usage')
    expect(err).toContain(message)
    expect(err).not.toContain('\n')
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
    expect(missing.err).toContain('istimrar-agent init')
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
    expect(err).toContain('istimrar-agent enrol')
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
    expect(out).toMatch(/^Spool +messages: 1, bytes: \d+$/m)
    expect(out).toMatch(/^Receipt +none yet$/m)
    expect(out).toMatch(/^ {2}web +up +0 s ago$/m)
    expect(out).toMatch(/^ {2}db +down, to be confirmed \(connection refused\) +5 s ago$/m)
    spool.close()
  })

  test('status says when facts were measured, and whether they arrived', async () => {
    const { dir, spool, outbox, fold, at } = await withBatch()
    const factsLine = async () => {
      const { out } = await run('status', '--dir', dir)
      return /^Facts +(.*)$/m.exec(out)?.[1]
    }
    spool.commit({ states: { fold: { fold, at } } })
    expect(await factsLine()).toBe('not yet')
    const sealed = seal(fold, at, false)
    outbox.put(sealed.bodies, { fold: sealed.fold, at })
    spool.commit({ states: { facts: { at: at.wall } } })
    expect(await factsLine()).toBe('measured 0 s ago, wait to be sent')
    const of = spool.head()!
    const receipt = Buffer.from(JSON.stringify({ ...of, received: 0 })).toString('base64url')
    spool.commit({ delivered: { of, jws: `.${receipt}.`, received: 0, keptAt: 0 } })
    expect(await factsLine()).toBe('measured 0 s ago, received')
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

  test.each([
    ['before it ran', false, null, 'never_ran'],
    ['stopped', true, null, 'not_running'],
    ['running', true, 'delivered', 'reporting'],
    ['out of reach', true, 'failed', 'out_of_touch'],
    ['not let in', true, 'denied', 'out_of_touch'],
  ] as const)('status says how it gets on: %s', async (_name, ran, outcome, expected) => {
    const { dir, spool, fold, at } = await withBatch()
    if (ran) spool.commit({ states: { fold: { fold, at } } })
    if (outcome) spool.commit({ states: { delivery: { at: at.wall, outcome } } })
    else spool.close()
    const { code, out } = await run('status', '--dir', dir)
    expect(code).toBe(0)
    expect(out).toContain(`Progress    ${say(progressTexts[expected], 'en')}\n`)
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
    const { code, out } = await run('status', '--dir', dir)
    expect(code).toBe(3)
    const arabic = await run('status', '--dir', dir, '--lang', 'ar')
    expect(arabic.out).toMatch(/^موقوف احترازيًا +قبل \u20663\u2069 د؛ لا يُرسل شيء/m)
    expect(arabic.out).toMatch(/^ {2}db +متوقف، بانتظار التأكيد \(رفض الاتصال\)/m)
    expect(out).toMatch(/^Quarantined {2}3 min ago; nothing is sent\..* istimrar-agent rejoin$/m)
    expect(out).toMatch(/^ALARM +the collector's log contradicts itself \(national\)/m)
  })
})
