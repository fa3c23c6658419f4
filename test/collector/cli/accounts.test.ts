import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeAdminFile, writeAdminFile } from '../../../collector/cli/admin-file.ts'
import { run } from '../../../collector/cli/commands.ts'
import { cheapPasswords, goodPassword } from '../../support/accounts.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'

const clock = new TestClock(Date.parse('2026-11-22T08:00:00Z'))
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

beforeAll(async () => {
  folder = temporaryFolder()
  const passwordCost = cheapPasswords
  collector = await openTestCollector(folder.path, clock, undefined, { passwordCost })
  const url = await collector.app.listen({ host: '127.0.0.1', port: 0 })
  writeAdminFile(folder.path, { url, token: collector.issueAdminToken(), certificate: null })
})
afterAll(async () => {
  removeAdminFile(folder.path)
  await collector.close()
  folder[Symbol.dispose]()
})

async function accounts(...args: string[]): Promise<{ out: string; err: string }> {
  const said = { out: '', err: '' }
  await run(
    'accounts',
    {
      environment: { DATA_DIR: folder.path },
      now: clock.now,
      out: (text) => void Object.assign(said, { out: said.out + text }),
      err: (text) => void Object.assign(said, { err: said.err + text }),
    },
    args,
  )
  return said
}

const why = ['--why', 'joins the ministry']

test('accounts are made, listed, changed, linked and ended', async () => {
  const made = await accounts('make', '--name', 'sara', '--role', 'auditor', ...why)
  const [, code = ''] = /^http:\/\/127\.0\.0\.1:\d+\/invite#([\w-]{32})\n$/.exec(made.out) ?? []
  expect(made.err).toBe('Good once, until 2026-11-25T08:00:00Z.\n')
  const step = await collector.accounts.acceptLink(code, goodPassword, '::1')
  expect(step.is).toBe('signed-in')
  const elsewhere = ['--name', 'badr', '--role', 'ministry', '--external', 'badr@example.org']
  const external = await accounts('make', ...elsewhere, ...why)
  expect(external.out).toBe('Account badr signs in at the identity provider.\n')
  const moved = await accounts('change', '--name', 'sara', '--role', 'evaluator', ...why)
  expect(moved.out).toBe('Account sara is evaluator; its sessions have ended.\n')
  const { out } = await accounts('list')
  expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['ACCOUNT', 'ROLE', 'INSTITUTION', 'SIGNS IN BY', 'LINK UNTIL', 'MADE', 'ENDED'],
    ['badr', 'ministry', '-', 'provider', '-', '2026-11-22T08:00:00Z', '-'],
    ['sara', 'evaluator', '-', 'password', '-', '2026-11-22T08:00:00Z', '-'],
    [''],
  ])
  expect((await accounts('link', '--name', 'sara', ...why)).out).toMatch(/\/invite#[\w-]{32}\n$/)
  expect((await accounts('end', '--name', 'sara', ...why)).out).toBe('Account sara has ended.\n')
})

test.each([
  [['make', '--role', 'auditor', ...why], 'Say --name.'],
  [['make', '--name', 'x', ...why], 'Say --role.'],
  [['make', '--name', 'x', '--role', 'auditor'], 'Say --why.'],
  [['make', '--name', 'No One', '--role', 'auditor', ...why], '--name must be an id.'],
  [['end', '--name', 'nobody', ...why], 'There is no such account.'],
  [['lock'], 'ACT must be one of list, make, link, change, end.'],
])('%j is refused', async (args, message) => {
  await expect(accounts(...args)).rejects.toThrow(message)
})
