import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { buildApp } from '../../../collector/app.ts'
import type { Guard } from '../../../collector/http/access.ts'
import { readinessRoutes } from '../../../collector/http/readiness.ts'
import type { ReadinessDetail } from '../../../collector/kpi/readiness/result.ts'
import { indicatorRows } from '../../../collector/kpi/readiness/score.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import type { DetailedSnapshot } from '../../support/detailed-snapshot.ts'
import { sampleInputs, sampleModel } from '../../support/metrics-readiness.ts'
import { metricsSnapshot } from '../../support/metrics-snapshot.ts'
import { sampleViews } from '../../support/sample-views.ts'

const snapshot = metricsSnapshot()
const { readiness } = snapshot
const indicators = indicatorRows(sampleInputs, sampleModel)
const gate = readiness!.institutions.health!.gates[0]!
const step = {
  ...{ indicator: gate.indicator, environment: gate.environment, host: gate.host },
  ...{ kind: 'fix' as const, gainPoints: 11.25, lowAfter: { ratio: 0.8, percent: '80.00' } },
  liftsGate: true,
}
const detail: ReadinessDetail = {
  readiness: readiness!.institutions.health!,
  indicators,
  advice: {
    steps: [step],
    next: { level: 'above', steps: [step], lowAfter: step.lowAfter, isReachable: true },
  },
  findings: [
    {
      ...{ kind: 'host_not_registered', environment: 'portal', subject: 'web-9' },
      ...{ since: snapshot.asOf, mayBeEarlier: false, detail: null },
    },
  ],
}

/** What the routes answer to an account; `null` is nobody. */
async function get(
  url: string,
  account: Partial<Account> | null = { role: 'auditor' },
  shown: DetailedSnapshot | null = snapshot,
) {
  const who = account && { id: 'amal', role: 'auditor', institution: null, ...account }
  const sessions = { login: async () => null, logout: async () => {}, account: async () => who }
  const app = await buildApp({
    ...{ logger: pino({ level: 'silent' }), version: '1' },
    guard: { sessions: sessions as Guard['sessions'], metricsToken: null },
  })
  try {
    const own = async (id: string) => (id === 'health' ? detail : null)
    const views = { ...sampleViews(shown), readiness: own }
    await app.register(readinessRoutes(views, sessions as Parameters<typeof readinessRoutes>[1]))
    const answer = await app.inject({ url, headers: { authorization: 'Bearer x' } })
    return { status: answer.statusCode, body: answer.json() }
  } finally {
    await app.close()
  }
}

const own = '/api/v1/institutions/health/readiness'

describe('readiness as JSON', () => {
  test('is all that the snapshot has of it, under its title', async () => {
    const { status, body } = await get('/api/v1/readiness')
    expect(status).toBe(200)
    expect(body.title.ar).toBe('قياس آلي – ليس نتيجة قياس الإجادة')
    expect(body.simulated).toBe(true)
    expect(body.model).toEqual(sampleModel)
    expect(body.nation).toEqual(readiness!.nation)
    const rows = Object.entries(readiness!.institutions).map(([id, row]) => ({ id, ...row }))
    expect(body.institutions).toEqual(rows)
  })

  test('of one institution has what every figure rests on, and loses nothing', async () => {
    const { status, body } = await get(own)
    expect(status).toBe(200)
    const { engine, computedAt, asOf, simulated } = snapshot
    const { title, ...rest } = body
    expect(title.en).toContain('not the official')
    expect(rest).toEqual({ engine, computedAt, asOf, simulated, model: sampleModel, ...detail })
  })

  test('an institution sees its own and the nation', async () => {
    const account = { role: 'institution' as const, institution: 'health' }
    const { body } = await get('/api/v1/readiness', account)
    expect(body.institutions.map(({ id }: { id: string }) => id)).toEqual(['health'])
    expect(body.nation.members).toBe(3)
    expect((await get(own, account)).status).toBe(200)
    expect((await get('/api/v1/institutions/dhofar/readiness', account)).status).toBe(404)
  })

  const { readiness: _none, ...unmodelled } = snapshot
  test.each([
    ['a stranger', own, null, snapshot, 401, 'auth'],
    ['no such institution', own.replace('health', 'nobody'), {}, snapshot, 404, 'not_found'],
    ['nothing known of it', own.replace('health', 'dhofar'), {}, snapshot, 404, 'not_found'],
    ['no model', own, {}, unmodelled, 404, 'not_found'],
    ['no model', '/api/v1/readiness', {}, unmodelled, 404, 'not_found'],
    ['no figures yet', '/api/v1/readiness', {}, null, 503, 'unavailable'],
  ])('%s: %s is refused', async (_name, url, account, shown, status, code) => {
    const answer = await get(url, account, shown)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })
})
