import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeAdminFile } from '../../../collector/cli/admin-file.ts'
import { run } from '../../../collector/cli/commands.ts'
import { AppError } from '../../../collector/error.ts'
import { readDeclared } from '../../../collector/register/files.ts'
import { hourMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { policyWithHosting, twoEnvironments } from '../../support/sample-workloads.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

beforeAll(async () => {
  folder = temporaryFolder()
  const [register, policy] = [twoEnvironments(folder.path), folder.file('policy.yaml')]
  writeFileSync(policy, policyWithHosting())
  const declared = readDeclared(register, policy, clock.at)
  collector = await openTestCollector(folder.path, clock, register, { declared })
  const url = await collector.app.listen({ host: '127.0.0.1', port: 0 })
  const agent = new WireAgent(collector.app, clock.at - hourMs)
  await agent.enrol(await collector.token('health', 'internal'), 'db-1')
  writeAdminFile(folder.path, { url, token: collector.issueAdminToken(), certificate: null })
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const own = ['--institution', 'health']
const licences = [...own, '--id', 'licences']
const why = ['--why', 'as the committee agreed']

/** Runs `collector workloads` as somebody at a terminal would. */
async function workloads(...args: string[]) {
  const said = { out: '', err: '', problem: '' }
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
    said.problem = `${error.code}: ${error.message}`
  }
  return said
}
const shown = async () => JSON.parse((await workloads('show', ...licences)).out)

test('a workload is registered, told step by step, and listed', async () => {
  const names = ['--name-ar', 'نظام التراخيص', '--name-en', 'Licences']
  const first = ['--criticality', 'critical', '--state', 'identified']
  const made = await workloads('put', ...licences, ...names, ...first, ...why)
  expect(made).toEqual({ out: 'Workload licences is identified.\n', err: '', problem: '' })
  const plan = [
    ...['--strategy', 'rehost', '--data-class', 'restricted', '--provider', 'government-cloud'],
    ...['--planned-start', '2026-08-01', '--planned-finish', '2027-03-31', '--owner', 'Systems'],
    ...['--source', 'internal', '--target', 'portal', '--started-on', '2026-09-15'],
    ...['--state', 'migrating', '--blocked', 'no contract', '--blocked-since', '2026-11-01'],
  ]
  expect((await workloads('put', ...licences, ...plan, ...why)).out).toMatch('is migrating.')
  expect(await shown()).toMatchObject({
    ...{ name: { en: 'Licences' }, weight: 4, state: 'migrating', wave: null },
    source: { environment: 'internal', hosts: [] },
    blocked: { reason: 'no contract', since: '2026-11-01' },
  })
  const place = ['--source-hosts', 'db-1']
  await workloads('put', ...licences, ...place, ...why)
  expect((await shown()).source).toEqual({ environment: 'internal', hosts: ['db-1'] })
  await workloads('put', ...licences, '--source-hosts', '-', ...why)
  expect((await shown()).source.hosts).toEqual([])
  await workloads('put', ...licences, ...place, ...why)
  await workloads('put', ...licences, '--source', '-', ...why)
  expect((await shown()).source).toBeNull()
  await workloads('put', ...licences, '--source', 'internal', ...place, ...why)
  await workloads('put', ...licences, '--source', 'internal', ...why)
  expect((await shown()).source).toEqual({ environment: 'internal', hosts: [] })
  const back = ['--state', 'planned', '--started-on', '-', '--blocked', '-', '--weight', '9']
  const undone = await workloads('put', ...licences, ...back, ...why)
  expect(undone.out).toBe('Workload licences is planned, rolled back.\n')
  expect(await shown()).toMatchObject({ blocked: null, startedOn: null, weight: 9 })
  await workloads('put', ...own, '--id', 'mail', ...names, ...first, ...why)
  expect((await workloads('list', ...own)).out.split('\n')).toEqual([
    expect.stringMatching(/^ID +STATE +STRATEGY +WEIGHT/),
    expect.stringMatching(
      /^licences +planned \(rolled back\) +rehost +9 +government-cloud +- +2027-03-31 +Systems$/,
    ),
    expect.stringMatching(/^mail +identified +- +4 /),
    '',
  ])
  expect((await workloads('remove', ...own, '--id', 'mail', ...why)).out).toBe(
    'Workload mail is removed.\n',
  )
  expect((await workloads('remove', ...licences, ...why)).problem).toMatch(/^conflict: What was pl/)
})

describe('what is wrong is told', () => {
  test('with every field on its line, and nothing is changed', async () => {
    const before = await shown()
    const wrong = ['--state', 'cut_over', '--cut-over-on', '2027-01-01', '--provider', 'acme']
    const { out, err, problem } = await workloads('put', ...licences, ...wrong, ...why)
    expect(out).toBe('')
    expect(err.split('\n').map((line) => line.split(':')[0])).toEqual([
      ...['provider', 'startedOn', 'cutOverOn', ''],
    ])
    expect(problem).toMatch(/^invalid: provider must be one that the policy names/)
    expect(await shown()).toEqual(before)
  })

  test.each<[string[], string]>([
    [['put', ...licences], 'configuration: Say --why.'],
    [['put', ...own, ...why], 'configuration: Say --id.'],
    [['list'], 'configuration: Say --institution.'],
    [['validate', ...own], 'configuration: ACT must be one of list, show, put, remove'],
    [['show', ...own, '--id', 'other'], 'not_found: There is no such workload.'],
    [['put', ...own, '--id', 'new', ...why], 'schema: '],
    [
      ['put', ...own, '--id', 'new', '--source-hosts', 'a', ...why],
      'configuration: --source-hosts goes with --source.',
    ],
    [
      ['put', ...own, '--id', 'new', '--blocked', 'by rain', ...why],
      'configuration: --blocked and --blocked-since go together.',
    ],
    [['put', ...licences, '--weight', 'much', ...why], 'schema: '],
    [['put', ...licences, '--source-hosts', 'a,b', ...why], 'invalid: source.hosts must name'],
  ])('%j', async (args, expected) => {
    const { problem } = await workloads(...args)
    expect(problem).toContain(expected)
  })
})
