import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeAdminFile } from '../../../collector/cli/admin-file.ts'
import { run } from '../../../collector/cli/commands.ts'
import { AppError } from '../../../collector/error.ts'
import { columnOrder } from '../../../collector/migration/workload-columns.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoEnvironments } from '../../support/sample-workloads.ts'

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoEnvironments(folder.path))
  const url = await collector.app.listen({ host: '127.0.0.1', port: 0 })
  const token = collector.issueAdminToken()
  writeAdminFile(folder.path, { url, token, certificate: null })
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

/** Runs a command; resolves to all that it says, and what it is refused with. */
async function workloads(...args: string[]) {
  const said = { out: '', err: '', message: '' }
  const context = {
    environment: { DATA_DIR: folder.path },
    now: clock.now,
    out: (text: string) => void Object.assign(said, { out: said.out + text }),
    err: (text: string) => void Object.assign(said, { err: said.err + text }),
  }
  try {
    await run('workloads', context, args)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    Object.assign(said, { message: error.message })
  }
  return said
}

function file(name: string, content: string | Uint8Array): string {
  const path = folder.file(name)
  writeFileSync(path, content)
  return path
}

const health = ['--institution', 'health']
const apply = ['--apply', '--why', 'annex 2']
const head = 'id,name_ar,name_en,criticality,state,owner'
const good = `${head}\nmail,البريد,Mail,critical,identified,\nweb,الموقع,Web,important,identified,\n`

test('import shows what it would change, does it when told to, and tells each field', async () => {
  const path = file('good.csv', good)
  const shown = await workloads('import', path, ...health)
  expect(shown.out).toBe(
    '+ mail (Mail): identified\n+ web (Web): identified\n' +
      'Nothing was imported; with --apply there would be: 2 added, 0 changed. As they were: 0.\n',
  )
  expect((await workloads('list', ...health)).out).not.toContain('mail')
  const done = await workloads('import', path, ...health, ...apply)
  expect(done.out).toContain('Imported: 2 added, 0 changed. As they were: 0.\n')
  const yaml = `apiVersion: istimrar.workloads/v1
workloads:
  - { id: mail, name: { ar: البريد, en: Mail }, criticality: critical, state: identified, owner: IT }
`
  const changed = await workloads('import', file('more.yaml', yaml), ...health, ...apply)
  expect(changed.out).toBe(
    '~ mail\n    owner: null -> "IT"\nNot in the file, and as they were: web\n' +
      'Imported: 0 added, 1 changed. As they were: 0.\n',
  )
  expect((await workloads('list', ...health)).out).toMatch(/^mail .* IT$/m)
})

test('every fault of a file is named with its line and column', async () => {
  const path = file('bad.csv', good.replace('Mail', '').replace('important', 'vital'))
  const { err, message } = await workloads('import', path, ...health, ...apply)
  expect(err).toMatch(
    /bad\.csv:2: name_en: must be text .*\n.*bad\.csv:3: criticality: must be one/,
  )
  expect(message).toContain('nothing was changed. Problems: 2.')
})

test.each([
  [['import', ...health], 'Name the file'],
  [['import', 'x.txt', ...health], 'Cannot read x.txt'],
  [['import', 'x.csv'], 'Cannot read x.csv'],
  [['discover'], 'Say --institution'],
  [['discover', ...health, '--id', 'mail'], 'leave --id out'],
])('%j is refused', async (args, words) => {
  expect((await workloads(...args)).message).toContain(words)
})

test('a file in another encoding, of another kind, or applied for no reason is refused', async () => {
  const arabic = Uint8Array.of(...Buffer.from(`${head}\n`), 0xc7, 0xe1)
  const encoded = await workloads('import', file('old.csv', arabic), ...health)
  expect(encoded.message).toContain('old.csv:2: must be saved as UTF-8')
  const kind = await workloads('import', file('a.txt', good), ...health)
  expect(kind.message).toContain('must end in .csv, .yaml or .yml')
  const noReason = await workloads('import', file('a.csv', good), ...health, '--apply')
  expect(noReason.message).toContain('Say --why')
})

test('discover prints rows to complete', async () => {
  const { out, err } = await workloads('discover', ...health)
  expect(out).toContain(columnOrder.join(','))
  expect(err).toBe('Environments that no workload names: 0.\n')
})
