import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const agent = new URL('../../../agent/main.ts', import.meta.url).pathname
const docs = new URL('../../../docs/install.md', import.meta.url)

/** What a page shows to paste. */
const pasted = (body: string, id: string) =>
  new RegExp(`id="paste-${id}"[^>]*>([^<]*)<`)
    .exec(body)?.[1]
    ?.replaceAll('&#39;', "'")
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&') ?? ''

test('the lines of the board, pasted into a shell, let the real agent join this very board', async () => {
  using folder = temporaryFolder()
  const collector = await openTestCollector(
    folder.path,
    new TestClock(Date.now()),
    twoInstitutions(folder.path),
  )
  const base = await collector.app.listen({ port: 0, host: '127.0.0.1' })
  const cookie = (await cookiesOf(collector)).get('huda')!
  const answer = await fetch(`${base}/en/home`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', origin: base },
    body: new URLSearchParams({ act: 'token', environment: 'portal', uses: '1', hours: '1' }),
  })
  const body = await answer.text()
  const [, ...init] = pasted(body, 'linux').split('\n') // the package is not built here
  const join = pasted(body, 'join').split('\n').slice(0, 2)
  expect(init).toEqual([`istimrar-agent init --collector ${base}`])

  // What the package installs: the agent's command with its own places.
  const command = folder.file('istimrar-agent')
  const places = `--config "${folder.path}/agent.yaml"`
  writeFileSync(
    command,
    `#!/bin/sh
case "$1" in enrol) set -- "$@" --dir "${folder.path}/agent-data" ;; esac
exec "${process.execPath}" "${agent}" "$@" ${places}
`,
  )
  chmodSync(command, 0o755)
  const shell = spawn('sh', ['-ec', [...init, ...join].join('\n')], {
    cwd: folder.path,
    env: { ...process.env, PATH: `${folder.path}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [said, [code]] = await Promise.all([text(shell.stderr), once(shell, 'close')])
  expect([code, said]).toEqual([0, said])

  const { agents } = (await collector.ask('/api/v1/agents')).json() as { agents: object[] }
  expect(agents).toMatchObject([{ institution: 'health', environment: 'portal', status: 'active' }])
  expect(() => readFileSync(`${folder.path}/token`)).toThrow('ENOENT')
  await collector.close()
  expect(collector.fatal).toEqual([])
})

test('they are the lines of the documentation', () => {
  const lines = readFileSync(docs, 'utf8').split('\n')
  const begins = ['apt install -y ./istimrar-agent_', 'istimrar-agent init --collector https://']
  const rest = ['istimrar-agent enrol --token-file token', '.\\install.ps1 -Collector https://']
  for (const each of [...begins, ...rest, 'istimrar-agent status', 'rm token']) {
    expect(lines.some((line) => line.startsWith(each))).toBe(true)
  }
})
