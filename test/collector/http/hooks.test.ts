import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHooks } from '../../../collector/hooks/hooks-file.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { openReceiver } from '../../support/hook-receiver.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
const key = Buffer.alloc(32, 3)
let folder: ReturnType<typeof temporaryFolder>
let receiver: Awaited<ReturnType<typeof openReceiver>>
let collector: TestCollector

beforeAll(async () => {
  folder = temporaryFolder()
  receiver = await openReceiver([key], clock.now)
  writeFileSync(folder.file('s'), `whsec_${key.toString('base64')}`)
  const file = folder.file('hooks.yaml')
  writeFileSync(
    file,
    `apiVersion: istimrar.hooks/v1
hooks:
  - { id: wall, url: "${receiver.url}", secretFile: s, events: [agent_silent], language: en }
`,
  )
  const register = twoInstitutions(folder.path)
  collector = await openTestCollector(folder.file('data'), clock, register, {
    hooks: readHooks(file),
  })
})
afterAll(async () => {
  await collector.close()
  await receiver[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(collector.fatal).toEqual([])
})

test('an agent that falls silent is told, and an admin sees it', async () => {
  const { token } = (
    await collector.ask('/api/v1/tokens', {
      ...{ institution: 'health', environment: 'portal' },
    })
  ).json() as { token: string }
  await new WireAgent(collector.app, clock.at).enrol(token, 'web-1')
  await collector.evaluate()
  clock.at += 10 * minuteMs
  await collector.evaluate()
  await receiver.until(1)
  const { id, body, verified } = receiver.received[0]!
  expect(verified).toBe(1)
  expect(JSON.parse(body)).toMatchObject({
    ...{ type: 'agent_silent', status: 'began', institution: { id: 'health' } },
    agent: { name: 'web-1' },
  })
  const deliveries = async (query = '') =>
    (await collector.ask(`/api/v1/hooks/deliveries${query}`)).json() as {
      deliveries: { event: string }[]
    }
  await expect
    .poll(() => deliveries('?hook=wall&state=delivered&limit=5'))
    .toMatchObject({
      deliveries: [{ event: id, hook: 'wall', attempts: 1, status: 204, problem: null }],
    })
  const { deliveries: earlier } = await deliveries('?before=1')
  expect(earlier).toEqual([])
  expect((await collector.ask('/api/v1/hooks')).json()).toEqual({
    hooks: [
      {
        ...{ id: 'wall', origin: new URL(receiver.url).origin, events: ['agent_silent'] },
        ...{ institutions: null, language: 'en' },
        counts: { waiting: 0, delivered: 1, refused: 0, given_up: 0, dropped: 0 },
      },
    ],
  })
})

test('a trial says what the receiver answered', async () => {
  receiver.replies.push(401)
  const answer = await collector.ask('/api/v1/hooks/wall/test', {})
  expect([answer.status, answer.json()]).toEqual([200, { status: 401, problem: 'status_401' }])
  expect((await collector.ask('/api/v1/hooks/nobody/test', {})).status).toBe(404)
})

test.each(['?limit=0', '?limit=1001', '?state=lost', '?hook=A', '?before=x', '?after=1'])(
  'the query %s is refused',
  async (query) => {
    expect((await collector.ask(`/api/v1/hooks/deliveries${query}`)).status).toBe(400)
  },
)

test.each(['ministry', 'evaluator', 'auditor', 'institution'] as const)(
  'hooks are nothing for the role %s',
  async (role) => {
    const place = role === 'institution' ? { institution: 'health' } : {}
    const cookie = await collector.cookieOf({ id: role, role, ...place })
    for (const path of ['hooks', 'hooks/deliveries']) {
      expect((await collector.ask(`/api/v1/${path}`, undefined, cookie)).status).toBe(403)
    }
    expect((await collector.ask('/api/v1/hooks/wall/test', {}, cookie)).status).toBe(403)
    expect((await collector.ask('/api/v1/hooks', undefined, 'session=nobody')).status).toBe(401)
  },
)
