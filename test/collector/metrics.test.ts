import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { InstitutionDetail } from '../../collector/kpi/snapshot.ts'
import { createMetrics } from '../../collector/metrics.ts'
import { loadDefaultModel } from '../../collector/model/read-model.ts'
import { type DetailedSnapshot, kpiText } from '../support/detailed-snapshot.ts'
import { expectFile } from '../support/golden.ts'
import { sampleMigration } from '../support/metrics-migration.ts'
import { readPage } from '../support/metrics-page.ts'
import { sampleReadiness } from '../support/metrics-readiness.ts'
import { metricsSnapshot } from '../support/metrics-snapshot.ts'
import { sampleHooks, sampleStore } from '../support/store-figures.ts'

test('the KPI part of the page is the golden one', () => {
  const families = kpiText(metricsSnapshot()).trim().split('\n\n')
  expectFile('test/golden/metrics.txt', `${families.sort().join('\n\n')}\n`)
})

test('docs/metrics.md lists each metric with its labels and meaning, and no other', async () => {
  const rows = readPage(await busyPage())
    .filter(({ name }) => !/^istimrar_collector_(process|nodejs)_/.test(name))
    .map(({ name, type, labels, help }) => {
      const code = labels.map((label) => `\`${label}\``).join(' ')
      return `| \`${name}\` | ${type} | ${code} | ${help} |`
    })
  const table = ['| Metric | Type | Labels | Meaning |', '|---|---|---|---|', ...rows].join('\n')
  const [before, , after, ...more] = readFileSync('docs/metrics.md', 'utf8').split('<!-- table -->')
  expect(more).toEqual([])
  expectFile('docs/metrics.md', [before, `\n${table}\n`, after].join('<!-- table -->'))
})

test('the collector shows itself, whatever the KPIs are', async () => {
  const names = readPage(await createMetrics({ version: '0.1.0' }).page()).map(({ name }) => name)
  expect(names).toContain('istimrar_build_info')
  expect(names).toContain('istimrar_collector_process_resident_memory_bytes')
})

test('a name cannot end its label, its series or its line', () => {
  const snapshot = metricsSnapshot()
  const [health] = snapshot.institutions
  const en = 'x"} 1\nistimrar_forged{y="\\'
  const institutions = [{ ...health!, name: { ar: 'ا', en } }]
  const page = kpiText({ ...snapshot, institutions })
  expect(page).toContain('name_en="x\\"} 1\\nistimrar_forged{y=\\"\\\\",name_ar="ا"} 1\n')
})

test('a mean of institutions as headline has no coverage, which is not a coverage of 0', () => {
  const snapshot = metricsSnapshot()
  const page = kpiText({ ...snapshot, nation: { ...snapshot.nation, headline: 'mean' } })
  const nation = 'scope="nation",institution="",environment="",window="24h"'
  expect(page).toContain(`istimrar_continuity_ratio{${nation},bound="low"} 0.61\n`)
  expect(page).toContain(`istimrar_continuity_coverage_ratio{${nation}} NaN\n`)
})

test('when every agent falls silent only the values of checks leave', () => {
  const snapshot = metricsSnapshot()
  const left = new Set(seriesNames(silenced(snapshot)))
  const gone = seriesNames(snapshot).filter((name) => !left.has(name))
  expect(gone.map((name) => name.replace(/\{.*check="(.*?)".*/, ' $1'))).toEqual([
    'istimrar_check_response_seconds portal-1/home-page',
    'istimrar_check_remaining_seconds portal-1/certificate',
    'istimrar_check_age_seconds portal-1/backup',
    'istimrar_check_clock_offset_seconds portal-1/clock',
    'istimrar_check_free_ratio portal-1/root',
    'istimrar_check_used_ratio portal-1/memory',
  ])
})

test('each environment is in exactly one state, each measured scope has one verdict', () => {
  for (const [family, states] of [
    ['istimrar_environment_state', 6],
    ['istimrar_continuity_verdict', 4],
  ] as const) {
    const { series } = readPage(kpiText(metricsSnapshot())).find((f) => f.name === family)!
    const choices = Object.groupBy(series, ({ name }) => name.replace(/,(state|verdict)=.*/, ''))
    for (const [name, choice = []] of Object.entries(choices)) {
      const sum = choice.reduce((sum, { value }) => sum + value, 0)
      const none = family === 'istimrar_continuity_verdict' && name.includes('dhofar')
      expect([choice.length, sum], name).toEqual([states, none ? 0 : 1])
    }
  }
})

test('the widest nation stays within the budget of series', () => {
  const [health] = metricsSnapshot().institutions
  const institutions = widest(health!)
  const readiness = sampleReadiness(institutions, loadDefaultModel())
  const own = sampleMigration.institutions.health!
  const moving = Object.fromEntries(institutions.map(({ id }) => [id, own]))
  const migration = { ...sampleMigration, institutions: moving }
  const nation = { ...metricsSnapshot(), institutions, readiness, migration }
  const count = seriesNames(nation).length
  expect(count).toBeLessThan(37_500)
})

test('the collector counts what it does', async () => {
  const request = '{method="GET",route="/metrics",status="200"}'
  expect((await busyPage()).split('\n')).toEqual(
    expect.arrayContaining([
      'istimrar_build_info{version="0.1.0"} 1',
      'istimrar_collector_messages_total{type="batch",result="stored"} 1',
      'istimrar_collector_messages_total{type="batch",result="auth"} 1',
      'istimrar_collector_messages_total{type="gap",result="stored"} 0',
      'istimrar_collector_refusals_total{code="auth"} 1',
      'istimrar_collector_refusals_total{code="unavailable"} 0',
      'istimrar_collector_clock_steps_total 1',
      'istimrar_collector_commit_messages_sum 3',
      'istimrar_collector_commit_duration_seconds_sum 0.02',
      'istimrar_collector_evaluation_duration_seconds_sum 0.3',
      `istimrar_collector_request_duration_seconds_sum${request} 0.03`,
      'istimrar_hook_deliveries_total{hook="duty-desk",outcome="failed"} 4',
      'istimrar_hook_deliveries_total{hook="duty-desk",outcome="refused"} 0',
      'istimrar_hook_waiting_events{hook="duty-desk"} 1',
      'istimrar_hook_oldest_waiting_seconds{hook="duty-desk"} 600',
      'istimrar_store_wal_bytes 4194304',
      'istimrar_store_failures_total{kind="passing"} 1',
      'istimrar_collector_waiting_messages 2',
      'istimrar_backup_timestamp_seconds 1799996400',
      'istimrar_evidence_leaves{log="health"} 900',
      'istimrar_evidence_checkpoint_leaves{log="national"} 0',
      'istimrar_evidence_checkpoint_timestamp_seconds{log="national"} Nan',
    ]),
  )
})

/** The page of a collector in which everything happened once. */
async function busyPage(): Promise<string> {
  const metrics = createMetrics({ version: '0.1.0' })
  metrics.countMessage('batch', 'stored')
  metrics.countMessage('batch', 'auth')
  metrics.countRefusal('auth')
  metrics.countClockStep()
  metrics.observeCommit(3, 20)
  metrics.observeEvaluation(300, false)
  metrics.watchStore(async () => sampleStore)
  metrics.watchHooks(() => sampleHooks)
  metrics.observeRequest({ method: 'GET', route: '/metrics', status: 200, durationMs: 30 })
  return (await metrics.page()) + kpiText(metricsSnapshot())
}

function seriesNames(snapshot: DetailedSnapshot): string[] {
  return readPage(kpiText(snapshot)).flatMap(({ series }) => series.map(({ name }) => name))
}

function silenced(snapshot: DetailedSnapshot): DetailedSnapshot {
  return {
    ...snapshot,
    institutions: snapshot.institutions.map((institution) => ({
      ...institution,
      environments: institution.environments.map((environment) => ({
        ...environment,
        agents: environment.agents.map((agent) => ({ ...agent, silent: true })),
      })),
    })),
  }
}

/** 56 institutions with five environments, ten hosts and a hundred checks each. */
function widest(model: InstitutionDetail): InstitutionDetail[] {
  const [portal] = model.environments
  const check = portal!.checks.find(({ value }) => value !== null)!
  return Array.from({ length: 56 }, (_, institution) => ({
    ...model,
    id: `institution-${institution}`,
    environments: Array.from({ length: 5 }, (_, environment) => ({
      ...portal!,
      id: `environment-${environment}`,
      agents: [0, 1].map((agent) => ({ ...portal!.agents[0]!, agent: `agent-${agent}` })),
      checks: Array.from({ length: 20 }, (_, number) => ({
        ...check,
        agent: `agent-${number % 2}`,
        check: `host-${number % 2}/check-${number}`,
        // Half of what a host declares has a value: host, service and process checks have none.
        value: number < 10 ? 1 : null,
      })),
    })),
  }))
}

test('the S-curve has one value a day and line, and none before a workload is registered', () => {
  const curve = (snapshot: DetailedSnapshot) =>
    readPage(kpiText(snapshot)).find(({ name }) => name === 'istimrar_migration_curve_ratio')
      ?.series ?? []
  const { migration, ...before } = metricsSnapshot()
  expect(curve(before)).toEqual([])
  const series = curve({ ...before, ...(migration && { migration }) })
  expect(new Set(series.map(({ name }) => name)).size).toBe(series.length)
  const forecast = series.filter(({ name }) => name.includes('"forecast"'))
  expect(forecast).toEqual([
    { name: 'istimrar_migration_curve_ratio{line="forecast",day="2027-01-15"}', value: 0.375 },
    { name: 'istimrar_migration_curve_ratio{line="forecast",day="2028-04-11"}', value: 1 },
  ])
})
