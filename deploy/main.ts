import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildAgent } from './build-agent.ts'
import { collectorEnvironment } from './collector-environment.ts'

/**
 * `npm start`: a collector and an agent that watches this very machine, as two processes that
 * speak the real protocol. Ctrl-C stops both; the next start goes on where this one stopped.
 */

type Ready = { readonly url: string; readonly loginUrl: string; readonly code: string }

const root = fileURLToPath(new URL('..', import.meta.url))
const dataDir = process.env.DATA_DIR || join(root, 'data')
const agentDir = join(dataDir, 'agent')
const agentFile = join(agentDir, 'agent.yaml')
const inRoot = (path: string) => join(root, path)
const run = promisify(execFile)
/** Often enough to see something happen within a minute. */
const intervalSeconds = 15

let collector: ChildProcess | null = null
let agent: ChildProcess | null = null

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(0))
try {
  mkdirSync(agentDir, { recursive: true, mode: 0o700 })
  const building = buildAgent(inRoot('dist/agent'))
  collector = startCollector()
  const ready = await listening(collector)
  await building
  await prepareAgent(ready)
  agent = startAgent()
  announce(ready)
} catch (error) {
  const { stderr, message } = error as { stderr?: string; message: string }
  console.error(stderr?.trim() || message)
  await stop(1)
}

/**
 * Runs in its own process group, so that Ctrl-C reaches only this starter, which stops in order.
 */
function start(file: string, args: string[], log: string, env: NodeJS.ProcessEnv): ChildProcess {
  const out = openSync(join(dataDir, log), 'a', 0o600)
  return fork(file, args, { detached: true, env, stdio: ['ignore', out, 'pipe', 'ipc'] })
}

function startCollector(): ChildProcess {
  const files = {
    ISTIMRAR_REGISTER_FILE: inRoot('deploy/examples/register.yaml'),
    ISTIMRAR_POLICY_FILE: inRoot('deploy/examples/policy.yaml'),
  }
  const env = { ...collectorEnvironment, ...files, ...process.env, DATA_DIR: dataDir }
  const child = start(inRoot('collector/main.mjs'), ['serve'], 'collector.log', env)
  child.stderr?.pipe(process.stderr)
  child.once('exit', (code) => {
    console.error(`The collector has stopped. Its log: ${join(dataDir, 'collector.log')}`)
    void stop(code || 1)
  })
  return child
}

async function listening(child: ChildProcess): Promise<Ready> {
  // Where the collector does not get that far, its exit handler ends this process.
  const [message] = await once(child, 'message')
  return message as Ready
}

function startAgent(): ChildProcess {
  const args = ['run', '--config', agentFile, '--dir', agentDir]
  const child = start(inRoot('dist/agent/agent.cjs'), args, 'agent.log', process.env)
  child.stderr?.pipe(process.stderr)
  child.once('exit', () => {
    console.log(`The local agent has stopped; the collector goes on. Start it again with:
  npm run agent -- run --config ${agentFile} --dir ${agentDir}`)
  })
  return child
}

/** First start: proposes an agent.yaml for what this machine runs, and enrols over HTTP. */
async function prepareAgent({ url, code }: Ready): Promise<void> {
  if (!existsSync(agentFile)) {
    const interval = ['--interval', String(intervalSeconds)]
    // The collector's own faults are not the institution's, so its port is not watched.
    const exclude = ['--exclude-ports', new URL(url).port]
    await runAgent('init', '--collector', url, '--config', agentFile, ...interval, ...exclude)
  }
  pointTo(url)
  if (existsSync(join(agentDir, 'identity.json'))) return
  const tokenFile = join(agentDir, 'token')
  writeFileSync(tokenFile, await makeToken(url, code), { mode: 0o600 })
  const files = ['--config', agentFile, '--dir', agentDir]
  await runAgent('enrol', '--collector', url, '--token-file', tokenFile, ...files)
  rmSync(tokenFile)
}

/** PORT may differ from the last start: the local agent follows. */
function pointTo(url: string): void {
  const text = readFileSync(agentFile, 'utf8')
  const pointed = text.replace(/^collector:.*$/m, `collector: ${url}`)
  if (pointed !== text) writeFileSync(agentFile, pointed)
}

async function runAgent(...args: string[]): Promise<void> {
  await run(process.execPath, [inRoot('dist/agent/agent.cjs'), ...args])
}

/** Signs in with the starter's own one-time code and asks for a token, as a person would. */
async function makeToken(url: string, code: string): Promise<string> {
  const login = await fetch(`${url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ code }),
    redirect: 'manual',
  })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const answer = await fetch(`${url}/api/v1/tokens`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({
      institution: 'local',
      environment: 'this-machine',
      usesMax: 1,
      lifeHours: 1,
    }),
  })
  if (!answer.ok) throw new Error(`Cannot make a token: ${await answer.text()}`)
  const { token } = (await answer.json()) as { token: string }
  return token
}

function announce({ loginUrl, url }: Ready): void {
  console.log(`
Istimrar watches this machine.

  Board        ${loginUrl}
               (signs you in once; first readings within a minute)
  Metrics      ${url}/metrics
  API          ${url}/api/docs
  Checks       ${agentFile}
  Logs         ${join(dataDir, 'collector.log')}, ${join(dataDir, 'agent.log')}

Ctrl-C stops both.
`)
}

/** The agent first, so that it can deliver what it has. */
async function stop(code: number): Promise<void> {
  for (const child of [agent, collector]) {
    child?.removeAllListeners('exit')
    if (!child || child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  process.exit(code)
}
