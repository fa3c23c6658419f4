import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildAgent } from '../../deploy/build-agent.ts'
import { enrolledFolder, temporaryFolder } from '../support/agent-folder.ts'
import { agent, end, startAgent } from '../support/agent-process.ts'
import { closedPort } from '../support/closed-port.ts'
import { FakeCollector } from '../support/fake-collector.ts'
import { listen } from '../support/loopback.ts'
import { readBatches } from '../support/read-batches.ts'

/** An enrolled agent with two checks, looked at every five seconds. */
async function prepare() {
  const collector = await FakeCollector.start()
  const { dir } = enrolledFolder(collector)
  const config = join(dir, 'agent.yaml')
  const port = new URL(collector.url).port
  writeFileSync(
    config,
    `apiVersion: istimrar.agent/v1
collector: ${collector.url}
name: web-1
checks:
  - { name: host, kind: host, interval: 5s }
  - { name: collector, kind: tcp, host: 127.0.0.1, port: ${port}, interval: 5s }
`,
  )
  return { collector, dir, args: ['--config', config, '--dir', dir] }
}

describe('the resident agent as a process', () => {
  test('killed and started again, it goes on where it was', async () => {
    const { collector, args, dir } = await prepare()
    const first = startAgent(args)
    await collector.until('batch', 1)
    await end(first, 'SIGKILL')
    const second = startAgent(args)
    await collector.until('heartbeat', 2)
    expect(await end(second, 'SIGTERM')).toBe(0)

    // Killed before it had read its receipt, the first one comes again: the same bytes.
    const batches = [...new Map(collector.of('batch').map((each) => [each.jws, each])).values()]
    expect(batches.map(({ content }) => content.seq)).toEqual([1, 2])
    expect(collector.of('gap')).toEqual([])
    const pauses = batches.flatMap(({ content }) => content.pauses)
    expect(pauses).toMatchObject([{ why: 'agent_stopped' }])
    // Throws where a run does not go on where the check's last one ended.
    for (const [, runs] of readBatches(batches.map(({ content }) => content))) {
      expect(runs.map(({ state }) => state)).not.toContain('down')
    }
    const status = await agent(['status', '--dir', dir])
    expect(status.out).toContain('message 2')
    expect(status.out).toMatch(/^Spool +messages: 0/m)
  })

  test('killed while the collector was away, it sends the same bytes first', async () => {
    const { collector, args } = await prepare()
    collector.answer = ({ type }) => (type === 'batch' ? 'cut' : null)
    const first = startAgent(args)
    const [lost] = await collector.until('batch', 1)
    await end(first, 'SIGKILL')
    // It may have tried again before it was killed.
    const tries = collector.of('batch').length
    collector.answer = () => null
    const second = startAgent(args)
    const sent = await collector.until('batch', tries + 1)
    expect(sent.map(({ jws }) => jws)).toEqual(Array(sent.length).fill(lost?.jws))
    expect(await end(second, 'SIGTERM')).toBe(0)
    expect(collector.cursor.seq).toBe(3)
  })

  test('does not start with a file that has problems, or without an identity', async () => {
    const { collector, args, dir } = await prepare()
    const nobody = await agent(['run', ...args.slice(0, 2), '--dir', temporaryFolder()])
    expect(nobody).toMatchObject({ code: 1, out: '' })
    expect(nobody.err).toContain('istimrar-agent enrol')
    writeFileSync(join(dir, 'agent.yaml'), 'apiVersion: istimrar.agent/v2\ncolour: green\n')
    const broken = await agent(['run', ...args])
    expect(broken).toMatchObject({ code: 2, out: '' })
    expect(broken.err).toContain('agent.yaml:1: apiVersion')
    expect(broken.err).toContain('agent.yaml:2: colour')
    expect(collector.received).toEqual([])
  })
})

describe('the page for the Prometheus of the host', () => {
  test('is there when agent.yaml asks for it, and a port that is taken ends the start', async () => {
    const { collector, args, dir } = await prepare()
    const port = await closedPort()
    appendFileSync(join(dir, 'agent.yaml'), `metrics: { port: ${port} }\n`)
    const running = startAgent(args)
    await collector.until('batch', 1)
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
    expect(await answer.text()).toContain('istimrar_check_up{check="collector",kind="tcp"} 1\n')
    expect(await end(running, 'SIGTERM')).toBe(0)

    const taken = await listen(createServer(), port)
    const refused = await agent(['run', ...args])
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toContain(`Cannot listen on 127.0.0.1:${taken}: another program has`)
  })
})

describe('the agent as it is shipped', () => {
  test('keeps out of memory what only commands need, and TLS and HTTP where nothing asks for it', async () => {
    const { collector, args } = await prepare()
    const out = temporaryFolder()
    const parts = await buildAgent(out)
    const packages = Object.keys(parts.resident.inputs).filter((file) => /node_modules/.test(file))
    expect(packages).toEqual([])

    const loaded = join(out, 'loaded.json')
    const spy = join(out, 'spy.cjs')
    writeFileSync(
      spy,
      `process.once('exit', () => require('node:fs').writeFileSync(
        ${JSON.stringify(loaded)}, JSON.stringify(process.moduleLoadList)))`,
    )
    const child = startAgent(args, { program: join(out, 'agent.cjs'), nodeArgs: ['-r', spy] })
    await collector.until('batch', 1)
    expect(await end(child, 'SIGTERM')).toBe(0)
    const modules = JSON.parse(readFileSync(loaded, 'utf8')) as string[]
    expect(modules).toContain('NativeModule sqlite')
    const heavy =
      /^NativeModule (_http_\w+|https|tls|internal\/deps\/undici\/undici|readline|worker_threads)$/
    expect(modules.filter((name) => heavy.test(name))).toEqual([])
  })
})
