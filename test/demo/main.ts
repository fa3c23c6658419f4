import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { collectorEnvironment } from '../../deploy/collector-environment.ts'
import { DemoError, defaultFolder, openFolder, removeFolder } from './demo-folder.ts'
import { DemoLive } from './demo-live.ts'
import { type DemoNation, demoNation } from './demo-nation.ts'
import { type Ask, officerOf, People, staff } from './demo-people.ts'
import { readDemoSettings } from './demo-settings.ts'
import { DemoYear } from './demo-year.ts'

/**
 * `npm run demo`: a synthetic nation sends a year through the real ingest path, then stays live.
 * Ctrl-C ends it and removes its data.
 */

type Ready = { readonly url: string; readonly loginUrl: string; readonly code: string }

const root = fileURLToPath(new URL('../..', import.meta.url))
const now = () => Date.now()
let folder: string | null = null
let year: DemoYear | null = null
let living: Promise<void> | null = null
let live: DemoLive | null = null
let collector: ChildProcess | null = null
let isStopping = false

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))
try {
  const settings = readDemoSettings(process.env, defaultFolder(join(root, 'dist/demo')))
  folder = openFolder(settings.folder, process.pid)
  const demo = demoNation(settings.seed, settings.institutions, now())
  await liveYear(demo, folder)
  if (!isStopping) await goLive(demo, folder)
} catch (error) {
  if (!isStopping) {
    console.error(error instanceof DemoError ? error.message : error)
    await stop(error instanceof DemoError ? 2 : 1)
  }
}

async function liveYear(demo: DemoNation, dir: string): Promise<void> {
  const { institutions } = demo.nation
  console.log(`SIMULATED: ${institutions.length} institutions, ${demo.hosts.length} hosts, a year.`)
  const started = performance.now()
  const onProgress = progressLine()
  year = new DemoYear({ demo, folder: dir, wall: now, onProgress })
  living = year.live()
  await living
  if (isStopping) return
  const seconds = Math.round((performance.now() - started) / 1_000)
  const { user, system } = process.cpuUsage()
  const cpu = Math.round((user + system) / 1_000_000)
  console.log(`A year was sent in ${seconds} s (${cpu} s of processor time).`)
}

async function goLive(demo: DemoNation, dir: string): Promise<void> {
  collector = startCollector(dir)
  const [message] = await once(collector, 'message')
  const { url, loginUrl, code } = message as Ready
  const ask = asking(url)
  const session = await ask({ method: 'POST', path: '/login', body: new URLSearchParams({ code }) })
  const people = new People(now, ask, (session.cookie ?? '').replace('session=', ''))
  live = new DemoLive({ hosts: year!.hosts, url, now, onError: (error) => console.error(error) })
  live.start()
  await announce(demo, people, url, loginUrl)
  // Links let in once: Enter makes new ones.
  const again = () =>
    announce(demo, people, url, null).catch((error) => {
      // Whoever stops it meanwhile wants none.
      if (!isStopping) console.error(error)
    })
  if (process.stdin.isTTY) process.stdin.on('data', () => void again())
}

/** In its own process group, so that Ctrl-C reaches only this process, which stops in order. */
function startCollector(dir: string): ChildProcess {
  const out = openSync(join(dir, 'collector.log'), 'a', 0o600)
  const own = { DATA_DIR: join(dir, 'data'), ISTIMRAR_SIMULATED: 'yes' }
  const { DEMO_INSTITUTIONS: _count, DEMO_SEED: _seed, ...inherited } = process.env
  const env = { ...collectorEnvironment, ...inherited, ...own }
  const child = fork(join(root, 'collector/main.mjs'), ['serve'], {
    ...{ detached: true, env, stdio: ['ignore', out, 'pipe', 'ipc'] },
  })
  child.stderr?.pipe(process.stderr)
  child.once('exit', (code) => {
    if (!isStopping) console.error('The collector has stopped.')
    void stop(code || 1)
  })
  return child
}

async function announce(
  { nation }: DemoNation,
  people: People,
  url: string,
  adminUrl: string | null,
): Promise<void> {
  const institution = nation.institutions[0]!
  const lines = [adminUrl && `  admin        ${adminUrl}`]
  for (const who of [...Object.values(staff), officerOf(institution.id)]) {
    lines.push(`  ${who.role.padEnd(12)} ${url}${await people.linkFor(who)}`)
  }
  console.log(`
SIMULATED – not official / بيانات محاكاة – ليست رسمية

Each link signs in once, within 15 minutes; Enter makes new ones.
${lines.filter(Boolean).join('\n')}
               (of ${institution.name.en})
  metrics      ${url}/metrics
  API          ${url}/api/docs

The nation is live. Ctrl-C ends it and removes its data.
`)
}

function asking(url: string): Ask {
  return async ({ method, path, body, cookie, token }) => {
    const isForm = body instanceof URLSearchParams
    const answer = await fetch(`${url}${path}`, {
      ...{ method, redirect: 'manual' },
      headers: {
        ...(body && !isForm && { 'content-type': 'application/json' }),
        ...(cookie && { cookie }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    })
    const session = answer.headers.getSetCookie().find((each) => each.startsWith('session='))
    const text = await answer.text()
    return { status: answer.status, text, cookie: session?.split(';')[0] ?? null }
  }
}

/** One line that is written over on a terminal, else a line for each tenth. */
function progressLine(): (share: number, at: number) => void {
  let shown = -1
  const step = process.stdout.isTTY ? 1 : 10
  return (share, at) => {
    const percent = Math.floor((share * 100) / step) * step
    if (percent === shown) return
    shown = percent
    const line = `${String(percent).padStart(3)} %  ${new Date(at).toISOString().slice(0, 10)}`
    process.stdout.write(
      process.stdout.isTTY ? `\r${line}${percent >= 99 ? '\n' : ''}` : `${line}\n`,
    )
  }
}

/** The hosts first, then the collector, then what is on the disk. */
async function stop(code: number): Promise<void> {
  if (isStopping) return
  isStopping = true
  year?.stop()
  await living?.catch(() => {})
  await live?.stop()
  collector?.removeAllListeners('exit')
  if (collector && collector.exitCode === null && collector.signalCode === null) {
    collector.kill('SIGTERM')
    await once(collector, 'exit')
  }
  if (folder) removeFolder(folder)
  process.exit(code)
}
