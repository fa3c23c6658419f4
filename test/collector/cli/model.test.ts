import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeAdminFile } from '../../../collector/cli/admin-file.ts'
import { run } from '../../../collector/cli/commands.ts'
import { AppError } from '../../../collector/error.ts'
import { DocumentError } from '../../../protocol/document.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const shippedFile = 'collector/model/readiness-1.0.0.yaml'
const shipped = readFileSync(shippedFile, 'utf8')
const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let salim: string

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
  const url = await collector.app.listen({ host: '127.0.0.1', port: 0 })
  writeAdminFile(folder.path, { url, token: collector.issueAdminToken(), certificate: null })
  salim = await collector.cookieOf({ id: 'salim', role: 'evaluator' })
})
afterAll(async () => {
  await collector.close()
  folder[Symbol.dispose]()
})

/** Runs `collector model ...`; answers what it prints, or why it ended. */
async function model(...args: string[]): Promise<string> {
  let out = ''
  const context = {
    environment: { DATA_DIR: folder.path },
    now: clock.now,
    out: (text: string) => {
      out += text
    },
    err: () => {},
  }
  try {
    await run('model', context, args)
    return out
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`
    if (error instanceof DocumentError) return error.message
    throw error
  }
}

/** A file of the model with a text replaced. */
function changed(name: string, ...edits: [string, string][]): string {
  const text = edits.reduce((all, [from, to]) => all.replace(from, to), shipped)
  writeFileSync(folder.file(name), text)
  return folder.file(name)
}

test('check says what a file holds, or everything that is wrong with it', async () => {
  expect(await model('check', shippedFile)).toMatch(
    /is right: om-infra 1.0.0, 8 dimensions, 37 indicators, 8 criteria, from 2026-03-31T20:00:00Z/,
  )
  const wrong = changed('wrong.yaml', ['full_at: 365', 'full_at: 0'], ['en: "Low"', 'en: ""'])
  const lines = (await model('check', wrong)).split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/wrong\.yaml:\d+: levels\[4\]\.label\.en: must not be empty$/)
  expect(lines[1]).toMatch(/wrong\.yaml:\d+: .*score\.full_at: must differ from zero_at/)
})

test.each([
  [['check'], 'configuration: Say which FILE.'],
  [['check', 'nowhere.yaml'], 'configuration: Cannot read nowhere.yaml.'],
  [['approve', '--why', 'checked'], 'configuration: Say which MODEL.'],
  [['approve', 'om-infra', '--why', 'checked'], 'configuration: MODEL must be such as om-infra'],
  [['propose', shippedFile], 'configuration: Say --why.'],
  [['show', 'om-infra/9.9.9'], 'not_found: There is no such version'],
  [['publish'], 'configuration: ACT must be one of check, diff, what-if, propose'],
  [['check', 'a', 'b'], 'configuration: Use: collector model ACT [FILE or MODEL]'],
])('what cannot be done says why: %j', async (args, message) => {
  expect(await model(...args)).toContain(message)
})

test('a model goes its way: compared, tried, proposed, approved by another one', async () => {
  expect(await model('list')).toContain('In force: om-infra/1.0.0 (draft); none is approved.')
  const file = changed(
    'next.yaml',
    ['version: 1.0.0', 'version: 1.1.0'],
    ['value: 85', 'value: 90'],
  )
  const diff = await model('diff', file)
  expect(diff).toMatch(/^WHAT +OLD +NEW\ntargetRatio +0.85 +0.9\nDifferences: 1, a major step;/)
  expect(await model('diff', shippedFile)).toMatch(/^No difference; compared with om-infra\/1.0.0/)
  await collector.evaluate()
  const trial = await model('what-if', file)
  expect(trial).toMatch(
    /^A TRIAL, NOT OFFICIAL: om-infra\/1.0.0 \(draft\) -> om-infra\/1.1.0 \(draft\)\nWHO/,
  )
  expect(trial).toMatch(/\nroads +0.00 +0.00 +\S+ +\S+ +being_set_up +being_set_up +\w+ -> /)
  const said = await model('propose', shippedFile, '--why', 'the plan')
  expect(said).toBe('Model om-infra/1.0.0 (draft) waits for another account.\n')
  const own = await model('approve', 'om-infra/1.0.0', '--why', 'checked')
  expect(own).toMatch(/^forbidden: .*a second person must/)
  await collector.ask('/api/v1/models/om-infra/1.0.0/approve', { why: 'checked' }, salim)
  const list = await model('list')
  expect(list).toMatch(/\nom-infra\/1.0.0 +approved +2026-03-31T20:00:00Z +- .* salim /)
  expect(list).toContain('In force: om-infra/1.0.0 (approved) since 2026-11-21T12:00:00Z.')
  expect(JSON.parse(await model('show'))).toMatchObject({ status: 'approved', targetRatio: 0.85 })
  const again = await model('propose', file, '--why', 'the plan')
  expect(again).toContain('conflict: The version must rise by a major step from 1.0.0')
})
