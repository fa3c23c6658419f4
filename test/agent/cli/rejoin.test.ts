import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { readKey } from '../../../agent/key-files.ts'
import { type KeyState, openKeyring } from '../../../agent/keyring.ts'
import { openSpool } from '../../../agent/spool-file.ts'
import { parseJws, publicKeyText, thumbprint } from '../../../protocol/jws.ts'
import { rejoinCode } from '../../../protocol/possession.ts'
import { command } from '../../support/agent-command.ts'
import { addMessage, drive, settle, start, startAgain } from '../../support/delivery.ts'

/** An agent that another copy put into quarantine, with two messages of its own; it is stopped. */
async function quarantined() {
  const parts = await start({ messages: 2 })
  const { collector, time, dir } = parts
  collector.cursor = { epoch: 1, seq: 2, prev: 'f'.repeat(64) }
  await drive(time, collector.until('batch', 1))
  await settle(time)
  await parts.stop()
  expect(parts.outbox.quarantine).not.toBeNull()
  const config = join(dir, 'agent.yaml')
  writeFileSync(
    config,
    `apiVersion: istimrar.agent/v1
collector: ${collector.url}
name: web-1
checks:
  - { name: host, kind: host }
`,
  )
  const before = openKeyring(dir, null).known.kid
  return { ...parts, before, args: ['--dir', dir, '--config', config] }
}

const kidIn = (dir: string) => openKeyring(dir, null).known.kid
const codeIn = (dir: string) => rejoinCode(publicKeyText(readKey(dir, 'rejoin')!))

/** The agent runs again: it delivers in the new epoch, signed with the new key. */
async function expectDelivery(parts: Awaited<ReturnType<typeof quarantined>>): Promise<void> {
  const { collector, time, dir, before } = parts
  const { outbox } = await startAgain(parts)
  addMessage(outbox, 2)
  await drive(time, collector.until('gap', 1))
  await drive(time, collector.until('batch', collector.of('batch').length + 1))
  await settle(time)
  expect(collector.of('gap')[0]?.content).toMatchObject({ epoch: 2, seq: 1, why: 'spool_lost' })
  expect(collector.of('batch').at(-1)?.content).toMatchObject({ epoch: 2, seq: 2 })
  expect(outbox.depth().messages).toBe(0)
  expect(kidIn(dir)).not.toBe(before)
  expect(collector.agentKids).toEqual([kidIn(dir)])
}

describe('rejoin', () => {
  test('prints a code, ends, and goes on when called again after the release', async () => {
    const parts = await quarantined()
    const { collector, dir, args, spool, before } = parts
    const first = await command('rejoin', ...args)
    expect(first).toMatchObject({ code: 3, err: '' })
    expect(first.out).toContain(codeIn(dir))
    expect(first.out).toContain('Read this code to an administrator of the collector')
    expect((await command('status', '--dir', dir)).out).toContain(`code ${codeIn(dir)}`)
    expect(kidIn(dir)).toBe(before)

    const second = await command('rejoin', ...args)
    expect(second.code).toBe(3)
    const asked = collector.of('rejoin').map(({ content }) => content.publicKey)
    expect(new Set(asked).size).toBe(1)

    const waiting = spool.rows().map(({ epoch, seq }) => [epoch, seq])
    collector.release()
    const third = await command('rejoin', ...args)
    expect(third).toMatchObject({ code: 0, err: '' })
    expect(existsSync(join(dir, 'agent.key.rejoin'))).toBe(false)
    expect((await command('status', '--dir', dir)).out).not.toContain('Quarantined')
    const db = new DatabaseSync(join(dir, 'spool.sqlite'), { readOnly: true })
    const kept = db.prepare('SELECT epoch, seq, code FROM rejected').all()
    db.close()
    expect(kept).toEqual(waiting.map(([epoch, seq]) => ({ epoch, seq, code: 'set aside' })))
    await expectDelivery(parts)
  })

  test('waits for the release when told to', async () => {
    const parts = await quarantined()
    const { collector, args } = parts
    let questions = 0
    const question = collector.until('rejoin', 1).then(() => {
      collector.onDenied = () => {
        if (questions++ === 3) collector.release()
      }
    })
    const said = await command('rejoin', ...args, '--wait', '10')
    await question
    expect(said.code).toBe(0)
    expect(said.waitedMs).toBeLessThan(600_000)
    expect(collector.of('rejoin')).toHaveLength(1)
    await expectDelivery(parts)
  })

  test('a crash between the spool and the key files is completed by the next start', async () => {
    const parts = await quarantined()
    const { collector, dir, args, before } = parts
    await command('rejoin', ...args)
    const [current, wanted] = ['agent.key', 'agent.key.rejoin'].map((name) => join(dir, name))
    const kept = [readFileSync(current!), readFileSync(wanted!)]
    collector.release()
    await command('rejoin', ...args)
    // As if the process had ended before the files were swapped.
    writeFileSync(current!, kept[0]!)
    writeFileSync(wanted!, kept[1]!)
    expect(kidIn(dir)).toBe(before)
    await expectDelivery(parts)
    expect(existsSync(wanted!)).toBe(false)
  })

  test('the other copy stays locked, with the old key', async () => {
    const parts = await quarantined()
    const { collector, dir, args, before } = parts
    await command('rejoin', ...args)
    collector.release()
    await command('rejoin', ...args)
    expect(collector.agentKids).not.toContain(before)
    const spool = openSpool(dir, 0)
    const state = spool.state('key') as KeyState
    spool.close()
    expect(state).toMatchObject({ kid: kidIn(dir), rotation: null })
    expect(thumbprint(publicKeyText(readKey(dir, 'previous')!))).toBe(before)
  })

  test('an agent that nobody shut out is told so, and its own quarantine ends', async () => {
    const parts = await quarantined()
    const { collector, dir, args, before, spool } = parts
    collector.isQuarantined = false
    const { code, out } = await command('rejoin', ...args)
    expect(code).toBe(0)
    expect(out).toContain('has not shut this agent out')
    expect(readKey(dir, 'rejoin')).toBeNull()
    expect(kidIn(dir)).toBe(before)
    expect(spool.state('quarantine')).toBeNull()
    expect(spool.depth().messages).toBe(2)
  })

  test('while a rotation was under way the key that the collector knows asks', async () => {
    const parts = await start({ messages: 0 })
    const { collector, time, dir } = parts
    await drive(time, collector.until('heartbeat', 1))
    await settle(time)
    await parts.stop()
    const config = join(dir, 'agent.yaml')
    writeFileSync(
      config,
      `apiVersion: istimrar.agent/v1\ncollector: ${collector.url}\nname: web-1\nchecks: [{ name: host, kind: host }]\n`,
    )
    expect((await command('rotate-key', '--dir', dir)).code).toBe(0)
    collector.admit(parts.outbox.head()!.jws)
    collector.isQuarantined = true
    const { code } = await command('rejoin', '--dir', dir, '--config', config)
    expect(code).toBe(3)
    expect(parseJws(collector.of('rejoin')[0]!.jws).kid).toBe(collector.agentKids[0])
  })

  test.each([
    [401, 'does not know this agent'],
    [409, 'answered 409'],
    [503, 'answered 503'],
  ])('when the collector says %i', async (status, message) => {
    const { collector, dir, args, before } = await quarantined()
    collector.answer = () => ({ status, body: '{"code":"odd"}' })
    const { code, err } = await command('rejoin', ...args)
    expect(code).toBe('failed')
    expect(err).toContain(message)
    expect(kidIn(dir)).toBe(before)
  })

  test('not while the agent runs', async () => {
    const { dir, args } = await quarantined()
    const running = openSpool(dir, 0)
    const { code, err } = await command('rejoin', ...args)
    running.close()
    expect(code).toBe('failed')
    expect(err).toContain('Another agent uses the folder')
  })
})

describe('rotate-key', () => {
  test('makes a key that waits for the collector; again changes nothing', async () => {
    const parts = await start()
    const { dir, collector, time, spool } = parts
    await parts.stop()
    const first = await command('rotate-key', '--dir', dir)
    expect(first).toMatchObject({ code: 0, err: '' })
    const again = await command('rotate-key', '--dir', dir)
    expect(again.out).toContain('waits already')
    expect(spool.rows().map(({ type }) => type)).toEqual(['rotation'])
    expect((await command('status', '--dir', dir)).out).toContain('a new one waits for')
    await startAgain(parts)
    await drive(time, collector.until('rotation', 1))
    await settle(time)
    expect(collector.agentKids).toEqual([kidIn(dir)])
    expect((await command('status', '--dir', dir)).out).not.toContain('a new one waits for')
  })

  test('not in quarantine, not without a place in the stream', async () => {
    const { dir } = await quarantined()
    expect((await command('rotate-key', '--dir', dir)).err).toContain('istimrar-agent rejoin')
    const lost = await start({ lost: true })
    await lost.stop()
    expect((await command('rotate-key', '--dir', lost.dir)).err).toContain('The spool was lost')
    expect(readKey(lost.dir, 'next')).toBeNull()
  })
})
