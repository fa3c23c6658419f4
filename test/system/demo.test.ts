import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import type { Snapshot } from '../../collector/kpi/snapshot.ts'
import manifest from '../../package.json' with { type: 'json' }
import { BoardSession } from '../support/board-session.ts'
import { temporaryFolder } from '../support/folder.ts'
import { readPage } from '../support/metrics-page.ts'
import { rootDir, startProcess, until } from '../support/processes.ts'

const institutions = 4

function start(folder: string, more: Record<string, string> = {}) {
  const size = { DEMO_INSTITUTIONS: String(institutions), DEMO_SEED: '7' }
  return startProcess(['test/demo/main.ts'], { DATA_DIR: folder, PORT: '0', ...size, ...more })
}

test('a year is there, every page shows something, the nation is live; Ctrl-C leaves nothing', async () => {
  using folder = temporaryFolder()
  const data = folder.file('demo')
  await using running = start(data)
  await running.line(/Ctrl-C ends it/)
  const links = new Map(
    ['ministry', 'evaluator', 'auditor', 'institution'].map((role) => {
      return [role, new RegExp(`${role} +(\\S+)`).exec(running.output())![1]!]
    }),
  )
  const ministry = await BoardSession.open(links.get('ministry')!)
  for (const role of ['evaluator', 'auditor', 'institution'])
    await BoardSession.open(links.get(role)!)
  const heard = ({ nation }: Snapshot) => nation.reporting >= institutions - 1
  const snapshot = await until(() => ministry.json<Snapshot>('/api/v1/kpis'), heard, 180_000)
  expect(snapshot).toMatchObject({ simulated: true })
  expect(snapshot.nation.targets).toBe(institutions)
  const page = await ministry.page('/ar')
  expect(page).toContain('بيانات محاكاة – ليست رسمية')
  const { cycles } = await ministry.json<{ cycles: { state: string }[] }>('/api/v1/cycles')
  expect(cycles.map(({ state }) => state)).toContain('frozen')
  for (const [path, list] of [
    ['/api/v1/official', 'results'],
    ['/api/v1/declarations', 'declarations'],
    ['/api/v1/programme', 'figures'],
  ] as const) {
    const answer = await ministry.json<Record<string, unknown[]>>(path)
    expect(answer[list]!.length, path).toBeGreaterThan(0)
  }
  const { nation } = await ministry.json<{ nation: { done: object; schedule: object } }>(
    '/api/v1/migration',
  )
  expect(nation).toMatchObject({ done: expect.anything(), schedule: expect.anything() })
  const [, url] = /metrics +(\S+)/.exec(running.output())!
  const families = readPage(await (await fetch(url!)).text())
  const simulated = families.find(({ name }) => name === 'istimrar_simulated')
  expect(simulated?.series[0]?.value).toBe(1)
  expect(await running.stop('SIGINT')).toBe(0)
  expect(existsSync(data)).toBe(false)
})

test('Ctrl-C in the midst of the year leaves nothing either', async () => {
  using folder = temporaryFolder()
  const data = folder.file('demo')
  await using running = start(data)
  await running.line(/10 %/)
  expect(await running.stop('SIGINT')).toBe(0)
  expect(existsSync(data)).toBe(false)
})

test('wrong settings are all named, a folder with something else in it is not touched', async () => {
  using folder = temporaryFolder()
  const wrong = { DEMO_INSTITUTIONS: '57', DEMO_SEED: 'x', ISTIMRAR_SIMULATED: 'no' }
  await using running = start(folder.file('demo'), wrong)
  expect(await running.ended()).toBe(2)
  for (const name of Object.keys(wrong)) expect(running.output()).toContain(`${name}:`)
  mkdirSync(folder.file('kept'))
  writeFileSync(folder.file('kept/letter'), 'mine')
  await using other = start(folder.file('kept'))
  expect(await other.ended()).toBe(2)
  expect(other.output()).toContain('is not empty')
  expect(existsSync(folder.file('kept/letter'))).toBe(true)
})

test('it needs nothing but what npm install installs for use', async () => {
  const { metafile } = await build({
    entryPoints: [`${rootDir}/test/demo/main.ts`],
    ...{ bundle: true, write: false, metafile: true, platform: 'node', format: 'esm' },
    ...{ packages: 'external', logLevel: 'silent', outdir: folderless },
  })
  const packages = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, path }) => external && !path.startsWith('node:'))
    .map(({ path }) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    )
  const unmet = [...new Set(packages)].filter((name) => !Object.hasOwn(manifest.dependencies, name))
  expect(packages.length).toBeGreaterThan(0)
  expect(unmet).toEqual([])
})

/** Nothing is written. */
const folderless = 'dist'
