import { pino } from 'pino'
import { expect, test } from 'vitest'
import { buildApp } from '../../../collector/app.ts'
import { metricsRoutes, timeRequests } from '../../../collector/http/metrics.ts'
import { createMetrics } from '../../../collector/metrics.ts'
import { kpiText } from '../../support/detailed-snapshot.ts'
import { metricsSnapshot } from '../../support/metrics-snapshot.ts'
import { noSessions } from '../../support/sample-sessions.ts'

async function application(token: string | null) {
  const metrics = createMetrics({ version: '0.1.0' })
  const kpis = [new TextEncoder().encode(kpiText(metricsSnapshot()))]
  const app = await buildApp({
    ...{ logger: pino({ level: 'silent' }), version: '0.1.0' },
    guard: { sessions: noSessions, metricsToken: token },
  })
  timeRequests(app, metrics)
  await app.register(metricsRoutes(metrics, async () => kpis))
  return app
}

test('GET /metrics answers in the text format 0.0.4', async () => {
  await using app = await application(null)
  const { statusCode, headers, body } = await app.inject('/metrics')
  expect(statusCode).toBe(200)
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(body).toContain('istimrar_institutions_target 3\n')
})

test.each([
  ['no token', {}, 401],
  ['another token', { authorization: 'Bearer other' }, 401],
  ['another scheme', { authorization: 'Basic secret' }, 401],
  ['the token', { authorization: 'Bearer secret' }, 200],
])('a protected page, with %s', async (_name, headers, status) => {
  await using app = await application('secret')
  const answer = await app.inject({ url: '/metrics', headers })
  expect(answer.statusCode).toBe(status)
  expect(answer.body.includes('istimrar_')).toBe(status === 200)
})

test('requests are counted by route; one that nobody serves makes no series of its own', async () => {
  await using app = await application(null)
  await app.inject('/metrics?at=1')
  await app.inject('/nothing/1')
  await app.inject({ method: 'DELETE', url: '/nothing/2' })
  const { body } = await app.inject('/metrics')
  expect(body.match(/(?<=_request_duration_seconds_count).*/g)).toEqual([
    '{method="GET",route="/metrics",status="200"} 1',
    '{method="other",route="unmatched",status="404"} 2',
  ])
})
