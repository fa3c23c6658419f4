import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { missingMounts } from '../faults/tools.ts'
import { enrolledFolder } from '../support/agent-folder.ts'
import { FakeCollector } from '../support/fake-collector.ts'
import { readBatches } from '../support/read-batches.ts'

const main = join(import.meta.dirname, '../../agent/main.ts')
/** Nobody else has it: names are asked for at its port 53. */
const silentAddress = '127.0.53.99'
const dead = ['one', 'two', 'three', 'four', 'five', 'six', 'seven']

/** Takes questions for names and answers none, as a name server behind a broken link. */
async function openSilentServer(): Promise<void> {
  const server = createSocket('udp4')
  onTestFinished(async () => {
    server.close()
    await once(server, 'close')
  })
  server.bind(53, silentAddress)
  await once(server, 'listening')
}

test('names that nobody answers for are down, and no other name is', async ({ skip }) => {
  skip(missingMounts() !== null, missingMounts() ?? '')
  await openSilentServer()
  const collector = await FakeCollector.start()
  const { dir } = enrolledFolder(collector)
  const [config, resolver] = [join(dir, 'agent.yaml'), join(dir, 'resolv.conf')]
  writeFileSync(resolver, `nameserver ${silentAddress}\n`)
  const { port } = new URL(collector.url)
  const check = (name: string, host: string) =>
    `  - { name: ${name}, kind: tcp, host: ${host}, port: ${port}, interval: 15s }\n`
  const names = dead.map((name) => check(name, `${name}.example`)).join('')
  writeFileSync(
    config,
    `apiVersion: istimrar.agent/v1
collector: ${collector.url}
name: web-1
checks:
${names}${check('alive', 'localhost')}`,
  )
  // In a mount namespace of its own: nobody else's names are touched.
  const inside = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
  const run = [process.execPath, main, 'run', '--config', config, '--dir', dir]
  const child = spawn('unshare', ['--mount', 'sh', '-c', inside, 'sh', resolver, ...run], {
    stdio: 'ignore',
  })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  /** Runs of a check, as far as they were told. */
  const runsOf = (name: string) => {
    return readBatches(collector.of('batch').map(({ content }) => content)).get(name) ?? []
  }
  const looks = (name: string) => runsOf(name).reduce((sum, { count }) => sum + count, 0)
  for (let count = 1; !dead.every((name) => looks(name) >= 4); count++) {
    await collector.until('batch', count)
  }
  for (const name of dead) expect(runsOf(name).map(({ state }) => state)).not.toContain('up')
  expect(runsOf('alive')).toMatchObject([{ state: 'up' }])
})
