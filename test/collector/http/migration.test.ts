import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { buildApp } from '../../../collector/app.ts'
import type { Guard } from '../../../collector/http/access.ts'
import { migrationRoutes } from '../../../collector/http/migration.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import type { DetailedSnapshot } from '../../support/detailed-snapshot.ts'
import { sampleMigration, sampleMigrationDetail } from '../../support/metrics-migration.ts'
import { metricsSnapshot } from '../../support/metrics-snapshot.ts'
import { sampleViews } from '../../support/sample-views.ts'

const snapshot = metricsSnapshot()
const { engine, computedAt, asOf, simulated } = snapshot
const head = { engine, computedAt, asOf, simulated, at: sampleMigration.at }

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
    const views = {
      ...sampleViews(shown),
      migration: async (id: string | null) =>
        id === 'health' || id === null ? sampleMigrationDetail : null,
    }
    await app.register(migrationRoutes(views, sessions as Parameters<typeof migrationRoutes>[1]))
    const answer = await app.inject({ url, headers: { authorization: 'Bearer x' } })
    return { status: answer.statusCode, body: answer.json() }
  } finally {
    await app.close()
  }
}

const { migration: _none, ...unmoved } = snapshot
const own = '/api/v1/institutions/health/migration'

describe('cloud migration as JSON', () => {
  test('is all that the snapshot has of it, with the curve of the nation', async () => {
    const { status, body } = await get('/api/v1/migration')
    expect(status).toBe(200)
    const { nation, institutions } = sampleMigration
    const rows = Object.entries(institutions).map(([id, row]) => ({ id, ...row }))
    const { curve } = sampleMigrationDetail
    expect(body).toEqual({ ...head, nation, curve, institutions: rows })
  })

  test('of one institution has all that is behind it, and loses nothing', async () => {
    const { status, body } = await get(own)
    expect(status).toBe(200)
    expect(body).toEqual({ ...head, ...sampleMigrationDetail })
  })

  test('proposes what was discovered before anybody has registered a workload', async () => {
    const { status, body } = await get(own, {}, unmoved)
    expect([status, body.at]).toEqual([200, null])
    expect(body.discovered).toEqual(sampleMigrationDetail.discovered)
  })

  test('an institution sees its own and the nation, and nobody else', async () => {
    const account = { role: 'institution' as const, institution: 'health' }
    const { body } = await get('/api/v1/migration', account)
    expect(body.institutions.map(({ id }: { id: string }) => id)).toEqual(['health'])
    expect(body.nation.institutions).toBe(3)
    expect((await get(own, account)).status).toBe(200)
    expect((await get('/api/v1/institutions/dhofar/migration', account)).status).toBe(404)
  })

  test.each([
    ['a stranger', own, null, snapshot, 401, 'auth'],
    ['no such institution', own.replace('health', 'nobody'), {}, snapshot, 404, 'not_found'],
    ['nothing known of it', own.replace('health', 'dhofar'), {}, snapshot, 404, 'not_found'],
    ['no workload at all', '/api/v1/migration', {}, unmoved, 404, 'not_found'],
    ['no figures yet', '/api/v1/migration', {}, null, 503, 'unavailable'],
    ['a bad id', own.replace('health', 'A%20b'), {}, snapshot, 400, 'schema'],
  ])('%s: %s is refused', async (_name, url, account, shown, status, code) => {
    const answer = await get(url, account, shown)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })
})
