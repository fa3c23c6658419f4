import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newFold, observe } from '../../../agent/fold.ts'
import { ensureKey } from '../../../agent/key-files.ts'
import { Keyring } from '../../../agent/keyring.ts'
import { Outbox } from '../../../agent/outbox.ts'
import { seal } from '../../../agent/seal.ts'
import { openSpool } from '../../../agent/spool-file.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { answering, command as run } from '../../support/agent-command.ts'
import { agentYaml, enrolledFolder, temporaryFolder } from '../../support/agent-folder.ts'
import { FakeCollector } from '../../support/fake-collector.ts'
import { FakeTime } from '../../support/fake-time.ts'

/** An agent that sent one message two days and one an hour ago; a third waits, a fourth is new. */
async function withHistory() {
  const { dir, identity, signer } = enrolledFolder(await FakeCollector.start())
  const spool = openSpool(dir, 0)
  const outbox = new Outbox(spool, new Keyring([signer], null), identity.agent)
  const { wallMs, bootMs } = new FakeTime()
  const definition = { check: 'web', kind: 'tcp', intervalMs: minuteMs } as const
  for (const [i, wall] of [wallMs - 2 * dayMs, wallMs - hourMs, wallMs - 1, wallMs].entries()) {
    const at = { wall, boot: bootMs + i * minuteMs }
    let fold = newFold('b007-0001', [definition], at.boot - minuteMs)
    for (const boot of [at.boot - minuteMs, at.boot]) {
      fold = observe(fold, 'web', { state: 'up', at: boot })
    }
    outbox.put(seal(fold, at, false).bodies, { fold, at })
    const of = { epoch: 1, seq: i + 1 }
    if (i < 3) spool.commit({ attempted: of })
    if (i < 2) spool.commit({ delivered: { of, jws: 'receipt', received: wall, keptAt: wall } })
  }
  spool.close()
  return { dir, agent: identity.agent, wallMs }
}

describe('agent sent', () => {
  test.each([
    ['24h', [2, 3]],
    ['30m', [3]],
    ['7d', [1, 2, 3]],
  ])('since %s: what left, decoded, one a line', async (since, expected) => {
    const { dir } = await withHistory()
    const { code, out } = await run('sent', '--dir', dir, '--since', since, '--json')
    const messages = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(messages.map(({ seq }) => seq)).toEqual(expected)
    for (const message of messages) expect(message).toMatchObject({ v: 1, epoch: 1, runs: [{}] })
  })

  test('by date, for people, in both languages', async () => {
    const { dir, wallMs } = await withHistory()
    const date = new Date(wallMs - dayMs).toISOString().slice(0, 10)
    const { out } = await run('sent', '--dir', dir, '--since', date)
    expect(out).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z +1\/2 +evidence +\d+ +runs 1, .*\d$/m)
    expect(out).toMatch(/^\S+ +1\/3 .*; no receipt yet$/m)
    const arabic = await run('sent', '--dir', dir, '--since', date, '--lang', 'ar')
    expect(arabic.out).toMatch(/^\S+ +1\/3 +شواهد +\d+ +تغيرات/m)
  })

  test('nothing, and no such time', async () => {
    const { dir } = enrolledFolder(await FakeCollector.start())
    expect(await run('sent', '--dir', dir)).toMatchObject({ code: 0, out: '' })
    for (const since of ['yesterday', '7w', '2026-13-45', '']) {
      expect((await run('sent', '--dir', dir, '--since', since)).code).toBe('usage')
    }
  })
})

describe('agent config check', () => {
  test('says what would be watched', async () => {
    const file = agentYaml('http://127.0.0.1:1', 'metrics: { port: 9100 }\n')
    const { code, out } = await run('config', 'check', file)
    expect(code).toBe(0)
    expect(out).toContain('Reports to http://127.0.0.1:1 as web-1.')
    expect(out).toContain('Opens port 9100')
    expect(out).toMatch(/^ {2}host +host +60 s$/m)
    expect(out).toMatch(/^ {2}gone +tcp +60 s$/m)
    expect((await run('config', 'check', '--config', file)).out).toBe(out)
    const arabic = await run('config', 'check', file, '--lang', 'ar')
    expect(arabic.out).toMatch(/^ {2}gone +tcp +\u206660\u2069 ث$/m)
  })

  test('names all problems, in the language of the reader', async () => {
    const file = agentYaml('http://127.0.0.1:1', 'colour: red\nfacts: { every: 5m }\n')
    const english = await run('config', 'check', file)
    expect(english).toMatchObject({ code: 2, out: '' })
    expect(english.err.trim().split('\n')).toHaveLength(2)
    const arabic = await run('config', 'check', file, '--lang', 'ar')
    expect(arabic).toMatchObject({ code: 2, out: '' })
    for (const line of arabic.err.trim().split('\n')) {
      expect(line).toMatch(/^\u2066\S+agent\.yaml:\d+:.*\u2069 \p{Script=Arabic}/u)
    }
  })

  test.each([[['see']], [['check', 'a', 'b']], [[]]])('%j is refused', async (operands) => {
    const { code, err } = await run('config', ...operands)
    expect([code, err]).toEqual(['usage', 'Use: istimrar-agent config check [FILE] [options]'])
  })
})

describe('agent uninstall', () => {
  test('removes all that is the agent`s, and says what is left to do', async () => {
    const { dir, agent } = await withHistory()
    const config = agentYaml('http://127.0.0.1:1')
    for (const name of ['spool.sqlite.damaged-17', 'agent.key.previous', 'agent.key.new']) {
      writeFileSync(join(dir, name), '')
    }
    const { code, out } = await run('uninstall', '--dir', dir, '--config', config, '--yes')
    expect(code).toBe(0)
    expect([existsSync(dir), existsSync(config)]).toEqual([false, true])
    expect(out).toContain(`with 2 messages not delivered and the key of ${agent}.`)
    expect(out).toContain(`revoke ${agent} at the collector`)
    expect(out).toContain('apt purge istimrar-agent')
  })

  test('also the file, and keeps an export, where that is asked for', async () => {
    const { dir } = await withHistory()
    const config = agentYaml('http://127.0.0.1:1')
    const file = join(temporaryFolder(), 'sent.jsonl')
    const args = ['--dir', dir, '--config', config, '--remove-config', '--export', file, '--yes']
    expect((await run('uninstall', ...args)).code).toBe(0)
    expect([existsSync(dir), existsSync(config)]).toEqual([false, false])
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3)
  })

  test.each([
    ['yes', [], 0],
    ['no', [], 1],
    ['', [], 1],
    ['نعم', ['--lang', 'ar'], 0],
    ['yes', ['--lang', 'ar'], 1],
  ])('asks first; the answer "%s" %j ends with %i', async (answer, language, expected) => {
    const { dir } = await withHistory()
    const { code, out } = await answering(answer, 'uninstall', '--dir', dir, ...language)
    expect(code).toBe(expected)
    expect(existsSync(dir)).toBe(expected === 1)
    expect(out).toContain('agent.key')
  })

  test.each([
    [
      'a file that is not its own',
      (dir: string) => writeFileSync(join(dir, 'letter.txt'), ''),
      'letter.txt is in it',
    ],
    [
      'a folder that is not its own',
      (dir: string) => mkdirSync(join(dir, 'photos')),
      'photos is in it',
    ],
  ])('refuses %s', async (_name, add, message) => {
    const { dir } = await withHistory()
    const before = readdirSync(dir).length
    add(dir)
    const { code, err } = await run('uninstall', '--dir', dir, '--yes')
    expect(code).toBe('failed')
    expect(err).toContain(message)
    expect(readdirSync(dir)).toHaveLength(before + 1)
  })

  test('refuses a folder without an agent, one of another program, one that is in use', async () => {
    const empty = temporaryFolder()
    expect((await run('uninstall', '--dir', empty, '--yes')).err).toContain('nothing of an agent')
    expect((await run('uninstall', '--dir', '/nowhere', '--yes')).err).toContain(
      'nothing of an agent',
    )
    expect((await run('uninstall', '--dir', '/etc', '--yes')).code).toBe('failed')
    ensureKey(empty)
    const spool = openSpool(empty, 0)
    expect((await run('uninstall', '--dir', empty, '--yes')).err).toContain('Stop it first')
    spool.close()
    expect(existsSync(join(empty, 'agent.key'))).toBe(true)
  })

  test('an export replaces nothing, and is not put where all goes', async () => {
    const { dir } = await withHistory()
    const there = agentYaml('http://127.0.0.1:1')
    for (const file of [there, join(dir, 'mine.jsonl')]) {
      const { code } = await run('uninstall', '--dir', dir, '--export', file, '--yes')
      expect(code).toBe('failed')
    }
    expect(existsSync(join(dir, 'agent.key'))).toBe(true)
  })
})
