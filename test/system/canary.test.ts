import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { createServer as createTlsServer } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { probes } from '../../agent/probes/all.ts'
import { buildAgent } from '../../deploy/build-agent.ts'
import { dayMs } from '../../protocol/time.ts'
import { BoardSession } from '../support/board-session.ts'
import { canary, filesBelow, findMark, spellingNames, spelt } from '../support/canary.ts'
import { makeCertificate } from '../support/certificates.ts'
import { closedPort } from '../support/closed-port.ts'
import { exampleFiles } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { listen, listenRaw } from '../support/loopback.ts'
import { nameServer, reply } from '../support/name-server.ts'
import { rootDir, startProcess, until } from '../support/processes.ts'

/**
 * Nothing of the host leaves it but what the schemas name. Marked secrets stand wherever an agent
 * could meet them; after a life with failures, refusals, a crash and a restart none may be found in
 * what was sent, kept, logged or shown. What `agent check` and `agent init` print to their owner's
 * own terminal may name the owner's own settings.
 */

/** Where secrets are; each has its own mark. */
const places = [
  'environment',
  'user name',
  'home folder',
  'password of the proxy',
  'host name',
  'working folder',
  'file in it',
  'process argument',
  'file on a watched disk',
  'path of a watched disk',
  'path that is not there',
  'path that cannot be followed',
  'path of a URL',
  'query of a URL',
  'text wanted in a page',
  'body of a page',
  'header of a page',
  'cookie of a page',
  'reason phrase',
  'target of a redirect',
  'subject of a certificate',
  'server name',
  'looked up name',
  'name that does not exist',
  'banner of a service',
  'comment in agent.yaml',
  'argument of a plugin',
  'output of a plugin',
  'field of a journey',
  'path of a backup',
] as const
type Place = (typeof places)[number]
const marks = Object.fromEntries(places.map((place) => [place, canary()])) as Record<Place, string>
/** Stands in a check's name, which is sent: whatever is searched must be seen to hold it. */
const told = canary()

test.each(spellingNames)('the search finds a mark written as %s', (spelling) => {
  const mark = canary()
  expect(findMark(spelt(mark, spelling), mark)).toContain(spelling)
  expect(findMark(spelt(canary(), spelling), mark)).toEqual([])
  for (const before of ['', 'a', 'ab', 'abc']) {
    const jws = Buffer.from(before + mark).toString('base64url')
    expect(findMark(Buffer.from(jws), mark)).toContain('base64url')
  }
})

test('no secret of the host is sent, kept, logged or shown', async () => {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const home = folder.file(marks['working folder'])
  mkdirSync(home)
  writeFileSync(join(home, '.env'), `TOKEN=${marks['file in it']}`)
  const witness = spawn(process.execPath, [
    '-e',
    'setInterval(() => {}, 1e6)',
    marks['process argument'],
  ])
  onTestFinished(() => void witness.kill('SIGKILL'))

  const collector = startProcess(['collector/main.mjs'], collectorSettings(folder.path))
  onTestFinished(() => collector[Symbol.asyncDispose]())
  const [, loginUrl] = await collector.line(/Board: (\S+)/)
  const url = new URL(loginUrl!).origin
  const session = await BoardSession.open(loginUrl!)
  const token = await session.token('local', 'this-machine')
  writeFileSync(folder.file('token'), token, { mode: 0o600 })
  const wire = await openWire(url)
  const { yaml, port, names } = await agentYaml(folder.path, wire.url)
  writeFileSync(folder.file('agent.yaml'), yaml)
  await buildAgent(folder.file('program'))
  const agent = commandsIn(folder.path, home)

  // The life.
  await agent.say('init', '--stdout', '--name', 'web-1', '--collector', wire.url)
  expect(await agent.say('enrol', '--token-file', folder.file('token'))).toMatchObject({ code: 0 })
  for (const name of names) await agent.say('check', name)
  wire.refuse(1)
  const first = agent.start()
  await until(
    async () => wire.refused(),
    (count) => count > 0,
    60_000,
  )
  await until(
    async () => wire.receipts(),
    (count) => count > 1,
    60_000,
  )
  await end(first, 'SIGKILL')
  const second = agent.start()
  await until(
    async () => wire.receipts(),
    (count) => count > 3,
    60_000,
  )
  const ownPage = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const status = await agent.say('status')
  expect(await end(second, 'SIGTERM')).toBe(0)
  const next = await agent.say('show-next-batch')
  const facts = await agent.say('facts', '--json')
  const theirPage = await (await fetch(`${url}/metrics`)).text()
  const page = await session.page('/en/institutions/local/environments/this-machine')
  const settings = { ...process.env, ...collectorSettings(folder.path) }
  for (const whose of [['--institution', 'local'], ['--nation']]) {
    const out = folder.file(`export${whose.length}`)
    const args = ['collector/main.mjs', 'export', ...whose, '--out', out]
    execFileSync(process.execPath, args, { cwd: rootDir, env: settings, stdio: 'pipe' })
  }

  // The search.
  const log = Buffer.from(agent.log())
  const evidence: [string, Buffer][] = [
    ['wire', Buffer.from(wire.said())],
    ['agent log', log],
    ['agent status', Buffer.from(status.out + status.err)],
    ['agent facts', Buffer.from(facts.out)],
    ['agent metrics', Buffer.from(ownPage)],
    ['next batch', Buffer.from(next.out + next.err)],
    ['collector log', Buffer.from(collector.output())],
    ['collector metrics', Buffer.from(theirPage)],
    ['board', Buffer.from(page)],
    ...filesBelow(folder.file('agent')),
    ...filesBelow(folder.file('data')),
    ...filesBelow(folder.file('export1')),
    ...filesBelow(folder.file('export2')),
  ]
  const found = evidence.flatMap(([where, bytes]) =>
    places.flatMap((place) => {
      const spellings = findMark(bytes, marks[place])
      return spellings.length > 0 ? [`${place}: ${where} (${spellings})`] : []
    }),
  )
  expect(found).toEqual([])
  const kept = evidence.filter(([where]) => where !== 'wire')
  expect(kept.filter(([, bytes]) => bytes.includes(token)).map(([where]) => where)).toEqual([])

  // The control: what may leave is found in each of them.
  const holding = evidence.filter(([, bytes]) => findMark(bytes, told).length > 0)
  const where = holding.map(([name]) => name)
  expect(where).toEqual(
    expect.arrayContaining([
      ...['wire', 'agent log', 'agent status', 'agent metrics', 'collector metrics', 'board'],
      expect.stringMatching(/agent\/spool\.sqlite/),
      expect.stringMatching(/data\/collector\.db/),
      expect.stringMatching(/export2\//),
    ]),
  )
  // It met the secrets: checks that depend on them saw what they were to see.
  expect(status.out).toMatch(/body-wanted +down/)
  expect(status.out).toMatch(new RegExp(`${told} +up`))
  expect(status.out).toMatch(/certificate +(up|degraded)/)
  expect(status.out).toMatch(/no-such-path +degraded/)
  expect(agent.log()).toContain('"A check could not be made.","check":"endless","code":"ELOOP"')
})

function collectorSettings(folder: string): Record<string, string> {
  return {
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    ISTIMRAR_REGISTER_FILE: exampleFiles.register,
    ISTIMRAR_POLICY_FILE: exampleFiles.policy,
    ISTIMRAR_LOG_LEVEL: 'trace',
  }
}

/** Servers full of secrets, and a file of checks that look at them. */
async function agentYaml(folder: string, collector: string) {
  const web = await listen(
    createServer((request, response) => {
      const location = `http://127.0.0.1/${marks['target of a redirect']}`
      response.setHeader('x-secret', marks['header of a page'])
      response.setHeader('set-cookie', `session=${marks['cookie of a page']}; HttpOnly`)
      if (request.url === '/moved') return void response.writeHead(302, { location }).end()
      if (request.url === '/broken') response.writeHead(500, marks['reason phrase'])
      response.end(`<p>${marks['body of a page']}</p>`)
    }),
  )
  const names = ['localhost', `${marks['subject of a certificate']}.example.om`]
  const span = { from: Date.now() - dayMs, to: Date.now() + 9 * dayMs }
  const { cert, key } = makeCertificate({ names: names.reverse(), ...span })
  const secure = await listen(
    createTlsServer({ cert, key }, (socket) => socket.on('error', () => {})),
  )
  const banner = await listenRaw((socket) => socket.end(`220 ${marks['banner of a service']}\r\n`))
  const resolver = await nameServer((question) => reply(question, 'noError', 'A'))
  const disk = join(folder, marks['path of a watched disk'])
  mkdirSync(disk)
  writeFileSync(join(disk, marks['file on a watched disk']), marks['file on a watched disk'])
  const endless = join(folder, marks['path that cannot be followed'])
  symlinkSync(endless, endless)
  const plugin = join(folder, 'check_secret')
  writeFileSync(plugin, `#!/bin/sh\necho "CRITICAL ${marks['output of a plugin']}"\nexit 2\n`, {
    mode: 0o700,
  })
  const at = (path: string) => `url: 'http://127.0.0.1:${web}${path}'`
  const port = await closedPort()
  const checks = [
    `name: ${told}, kind: tcp, host: 127.0.0.1, port: ${banner}`,
    'name: host, kind: host',
    'name: memory, kind: memory',
    `name: disk, kind: disk, path: '${disk}'`,
    `name: no-such-path, kind: disk, path: '/${marks['path that is not there']}'`,
    `name: endless, kind: disk, path: '${endless}'`,
    `name: page, kind: http, ${at(`/${marks['path of a URL']}?key=${marks['query of a URL']}`)}`,
    `name: body-wanted, kind: http, ${at('/')}, bodyIncludes: ${marks['text wanted in a page']}`,
    `name: moved, kind: http, ${at('/moved')}, status: [200]`,
    `name: broken, kind: http, ${at('/broken')}`,
    `name: certificate, kind: tls, host: localhost, port: ${secure}`,
    `name: other-name, kind: tls, host: localhost, port: ${secure}, ` +
      `serverName: ${marks['server name']}.example.om`,
    `name: looked-up, kind: dns, resolver: '${resolver}', lookup: ${marks['looked up name']}.om`,
    `name: nobody, kind: tcp, host: ${marks['name that does not exist']}.invalid, port: 9`,
    `name: plugin, kind: plugin, command: '${plugin}', arguments: ['${marks['argument of a plugin']}']`,
    `name: journey, kind: journey, steps: [{ ${at('/login')}, method: POST, ` +
      `fields: [{ name: user, value: ${marks['field of a journey']} }] }]`,
    `name: backup, kind: backup, path: '/srv/${marks['path of a backup']}'`,
  ].filter((check) => (/kind: (\w+)/.exec(check)?.[1] ?? '') in probes)
  // A plugin, which starts a program, may not look more often.
  const every = (check: string) => (check.includes('kind: plugin') ? '30s' : '5s')
  const yaml = `# ${marks['comment in agent.yaml']}
apiVersion: istimrar.agent/v1
collector: ${collector}
name: web-1
metrics: { port: ${port} }
checks:
${checks.map((check) => `  - { interval: ${every(check)}, ${check} }`).join('\n')}
`
  return { yaml, port, names: checks.map((check) => /name: ([^,]+)/.exec(check)?.[1] ?? '') }
}

/** Between agent and collector: hears all, and refuses batches when it is told to. */
async function openWire(collector: string) {
  const heard: string[] = []
  let [toRefuse, refused, receipts] = [0, 0, 0]
  const port = await listen(
    createServer(async (request, response) => {
      const { method = 'GET', url = '/', rawHeaders } = request
      const body = await buffer(request).catch(() => Buffer.alloc(0))
      heard.push(`${method} ${url}\n${rawHeaders.join('\n')}\n\n${body}\n`)
      const isBatch = url === '/v1/batches'
      if (isBatch && toRefuse > 0) {
        toRefuse -= 1
        refused += 1
        return void response.writeHead(400).end('{"code":"schema","message":""}')
      }
      const type = { 'content-type': request.headers['content-type'] ?? 'text/plain' }
      const sent = method === 'GET' ? {} : { method, body, headers: type }
      const answer = await fetch(`${collector}${url}`, sent).catch(() => null)
      if (!answer) return void response.destroy()
      if (isBatch && answer.ok) receipts += 1
      const { status, headers } = answer
      response.writeHead(status, { 'content-type': headers.get('content-type') ?? 'text/plain' })
      response.end(await answer.text())
    }),
  )
  return {
    url: `http://127.0.0.1:${port}`,
    said: () => heard.join('\n'),
    refuse: (count: number) => {
      toRefuse = count
    },
    refused: () => refused,
    receipts: () => receipts,
  }
}

/** The shipped agent in surroundings that are full of secrets. */
function commandsIn(folder: string, home: string) {
  const environment = {
    PATH: process.env.PATH ?? '',
    SECRET_TOKEN: marks.environment,
    USER: marks['user name'],
    LOGNAME: marks['user name'],
    HOME: join(folder, marks['home folder']),
    HTTP_PROXY: `http://user:${marks['password of the proxy']}@127.0.0.1:9`,
    NO_PROXY: '127.0.0.1,localhost',
  }
  const files = ['--config', join(folder, 'agent.yaml'), '--dir', join(folder, 'agent')]
  let said = ''
  const program = (args: readonly string[]): ChildProcess => {
    const command = [process.execPath, join(folder, 'program/agent.cjs'), ...args]
    // Only root may give a process a host name of its own; others have the host's.
    const named = ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', marks['host name']]
    const [first = '', ...rest] = process.getuid?.() === 0 ? [...named, ...command] : command
    return spawn(first, rest, { cwd: home, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  }
  return {
    log: () => said,
    /** A command, which may not be there yet, to its end. */
    say: async (name: string, ...args: readonly string[]) => {
      const isOwn = name === 'init' || name === 'show-next-batch' || name === 'status'
      const places = name === 'init' ? [] : isOwn ? files.slice(2) : files
      const child = program([name, ...args, ...places])
      const ended = once(child, 'exit')
      const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)])
      return { code: (await ended)[0] as number | null, out, err }
    },
    start: () => {
      const child = program(['run', ...files])
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (chunk: string) => {
          said += chunk
        })
      }
      onTestFinished(() => void child.kill('SIGKILL'))
      return child
    },
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, 'exit')
  child.kill(signal)
  return (await ended)[0] as number | null
}
