import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { BoardSession } from '../support/board-session.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startProcess } from '../support/processes.ts'

/** What `npm start` runs once everything is installed. */
function start(dataDir: string, port = '0') {
  return startProcess(['deploy/main.ts'], { DATA_DIR: dataDir, PORT: port, HOME: dataDir })
}

test('starts, shows the board, stops; the second start goes on where it stopped', async () => {
  using folder = temporaryFolder()
  const identities: string[] = []
  for (const _start of ['first', 'second']) {
    await using running = start(folder.path)
    const [, loginUrl] = await running.line(/Board +(\S+)/)
    const session = await BoardSession.open(loginUrl!)
    expect(await session.page('/en')).toContain('This machine')
    expect(await session.page('/ar')).toContain('dir="rtl"')
    expect(await running.stop('SIGINT')).toBe(0)
    identities.push(readFileSync(folder.file('agent/identity.json'), 'utf8'))
    expect(readFileSync(folder.file('agent.log'), 'utf8')).toContain('The agent stopped')
  }
  expect(identities[1]).toBe(identities[0])
})

test('a port that is taken is one clear line and leaves nothing running', async () => {
  using folder = temporaryFolder()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await using running = start(folder.path, String(port))
  expect(await running.ended()).toBe(2)
  expect(running.output()).toContain(
    `Cannot listen on 127.0.0.1:${port}: the port is taken. Set PORT to another one.`,
  )
  other.close()
})

test('settings that are wrong are all named, and nothing is made', async () => {
  using folder = temporaryFolder()
  await using running = startProcess(['collector/main.ts', 'serve'], {
    DATA_DIR: folder.file('data'),
    PORT: 'eighty',
    ISTIMRAR_LOG_LEVEL: 'loud',
    HOST: '0.0.0.0',
  })
  expect(await running.ended()).toBe(2)
  for (const name of ['PORT', 'ISTIMRAR_LOG_LEVEL', 'HOST', 'ISTIMRAR_METRICS_TOKEN_FILE']) {
    expect(running.output()).toContain(`${name}:`)
  }
  expect(() => readFileSync(folder.file('data/collector.db'))).toThrow()
})
