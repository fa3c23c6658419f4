import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeAdminFile } from '../../../collector/cli/admin-file.ts'
import { run } from '../../../collector/cli/commands.ts'
import { AppError } from '../../../collector/error.ts'
import { DocumentError } from '../../../protocol/document.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
const example = new URL('../../../deploy/examples/programme.yaml', import.meta.url).pathname
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
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
async function command(name: string, ...args: string[]) {
  const said = { out: '', err: '', message: '' }
  const context = {
    environment: { DATA_DIR: folder.path },
    now: clock.now,
    out: (text: string) => void Object.assign(said, { out: said.out + text }),
    err: (text: string) => void Object.assign(said, { err: said.err + text }),
  }
  try {
    await run(name, context, args)
  } catch (error) {
    if (!(error instanceof AppError || error instanceof DocumentError)) throw error
    Object.assign(said, { message: error.message })
  }
  return said
}

function file(name: string, content: string | Uint8Array): string {
  const path = folder.file(name)
  writeFileSync(path, content)
  return path
}

const head = 'institution,index_percent,level,source,date'
const good = `${head}\nhealth,81.5,above,Annual report,2026-11-02\n`
const cycle = ['--cycle', '2026-10']
const apply = ['--apply', '--why', 'annual report']

describe('official', () => {
  test('import shows what it would change, does it when told to, and list shows it', async () => {
    const path = file('good.csv', good)
    const shown = await command('official', 'import', ...cycle, '--file', path)
    expect(shown.out).toContain('official/2026-10/health\n  - null\n  + {"indexPercent":81.5')
    expect(shown.out).toContain('Nothing was imported; with --apply there would be: 1 changes.')
    expect((await command('official', 'list')).out).not.toContain('health')
    const done = await command('official', 'import', ...cycle, '--file', path, ...apply)
    expect(done.out).toContain('Imported: 1 changes. As they were: 0.\n')
    expect((await command('official', 'list', ...cycle)).out).toMatch(
      /^2026-10 +health +81\.50 +above +2026-11-02 +Annual report$/m,
    )
    const gone = ['withdraw', ...cycle, '--institution', 'health', '--why', 'wrong file']
    expect((await command('official', ...gone)).out).toContain('is withdrawn')
    expect((await command('official', ...gone)).message).toContain('no such official result')
  })

  test('every fault of a file is named with its line and column', async () => {
    const path = file('bad.csv', `${head}\nhealth,101,good,Report,2026-11-02\nhealth,=1,,x,x\n`)
    const { err, message } = await command('official', 'import', ...cycle, '--file', path)
    expect(err).toContain(`${path}:3: index_percent: must not begin with =`)
    expect(message).toContain('nothing was changed. Problems: 1.')
  })

  const utf16 = Buffer.from('\ufeffinstitution', 'utf16le')
  test.each([
    ['a file that is not there', ['--file', 'nowhere.csv', ...cycle], 'Cannot read nowhere.csv.'],
    ['no file', cycle, 'Say --file.'],
    ['another ending', ['--file', example, ...cycle], '--file must end in .csv or .json.'],
    ['no reason', ['--file', 'good.csv', ...cycle, '--apply'], 'Say --why.'],
    ['no cycle', ['--file', 'good.csv'], 'Say --cycle.'],
    ['no id of a cycle', ['--file', 'good.csv', '--cycle', '../x'], '--cycle must be an id'],
    ['other bytes', ['--file', 'utf16.csv', ...cycle], 'utf16.csv:1: must be saved as UTF-8'],
    ['too many bytes', ['--file', 'large.csv', ...cycle], 'must be at most 1048576 bytes'],
  ])('import with %s is refused', async (_name, args, message) => {
    file('good.csv', good)
    file('utf16.csv', utf16)
    file('large.csv', ' '.repeat(1024 * 1024 + 1))
    const own = args.map((arg) => (/^(good|utf16|large)/.test(arg) ? folder.file(arg) : arg))
    expect((await command('official', 'import', ...own)).message).toContain(message)
  })
})

describe('programme', () => {
  test('check needs no collector and names every fault; import and list follow', async () => {
    expect((await command('programme', 'check', '--file', example)).out).toContain('Figures: 7.')
    const bad = file('bad.yaml', 'apiVersion: istimrar.programme/v1\nfigures: []\ncolour: red\n')
    const { message } = await command('programme', 'check', '--file', bad)
    expect(message.split('\n')).toHaveLength(2)
    const refused = await command('programme', 'import', '--file', bad)
    expect(refused.err).toContain(`${bad}:2: figures: must have at least 1 entry`)
    await command('programme', 'import', '--file', example, ...apply)
    const { out } = await command('programme', 'list')
    expect(out).toMatch(/^P3 +actual +- +48 \/ 48 \/ 4 +56 +2023 /m)
  })
})
