import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { HostingPolicy } from '../../../collector/kpi/migration/hosting-policy.ts'
import type { MigrationFinding } from '../../../collector/kpi/migration/result.ts'
import { readDeclared } from '../../../collector/register/files.ts'
import { html } from '../../../collector/web/html.ts'
import type { Language } from '../../../collector/web/language.ts'
import { institutionMigrationPage } from '../../../collector/web/pages/institution-migration.ts'
import { nationPage } from '../../../collector/web/pages/nation.ts'
import { dataClassName, providerName } from '../../../collector/web/parts/hosting-names.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { movingSnapshot, sampleMigrationDetail } from '../../support/sample-migration.ts'
import { frame, institution, reads } from '../../support/sample-pages.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'
import {
  policyWithHosting,
  sampleHosting,
  twoEnvironments,
} from '../../support/sample-workloads.ts'

const [provider] = sampleHosting.providers as [HostingPolicy['providers'][number]]
const hosting: HostingPolicy = {
  ...sampleHosting,
  providers: [
    { ...provider, id: 'national', name: { ar: 'السحابة الوطنية', en: 'National cloud' } },
    { ...provider, id: 'data-park', name: { ar: 'واحة البيانات', en: 'Data park <b>' } },
  ],
}
const framed = (language: Language) => ({ ...frame(language), hosting })

test.each([
  ['ar', 'national', 'restricted', 'السحابة الوطنية', 'بيانات مقيّدة'],
  ['en', 'national', 'restricted', 'National cloud', 'Restricted data'],
  ['en', 'unheard-of', 'secret', 'unheard-of', 'secret'],
  ['ar', 'own', 'open', 'مركز بيانات المؤسسة نفسها', 'بيانات مفتوحة'],
] as const)('in %s %s and %s are said by name', (language, id, dataClass, name, label) => {
  const shown = (content: ReturnType<typeof providerName>) => reads(html`${content}`.text).trim()
  expect(shown(providerName(framed(language), id))).toBe(name)
  expect(shown(dataClassName(framed(language), dataClass))).toBe(label)
  const unnamed = { language, hosting: null }
  if (id !== 'own') expect(shown(providerName(unnamed, id))).toBe(id)
  expect(shown(dataClassName(unnamed, dataClass))).toBe(dataClass)
})

describe('pages', () => {
  const of = { workload: 'payroll', environment: 'portal', hosts: [], since: null, measured: 'AE' }
  const mayBeEarlier = false
  const findings: MigrationFinding[] = [
    { ...of, mayBeEarlier, kind: 'location_not_allowed', declared: 'restricted' },
    { ...of, mayBeEarlier, kind: 'provider_differs', declared: 'national' },
  ]
  const detail = { ...sampleMigrationDetail, findings }
  const page = (language: Language, by = framed(language)) =>
    reads(institutionMigrationPage(by, movingSnapshot, institution, { detail, mayRegister: false }))

  test('of a migration name providers and data classes', () => {
    const arabic = page('ar')
    expect(arabic).toContain('المزود: السحابة الوطنية')
    expect(arabic).toContain('تصنيف البيانات: بيانات مقيّدة')
    expect(arabic).not.toMatch(/\b(national|restricted)\b/)
    expect(page('en')).not.toMatch(/\b(national|restricted)\b/)
    expect(page('en', { ...frame('en'), hosting: { ...hosting, providers: [] } })).toMatch(
      /provider: national data class: Restricted data/,
    )
  })

  test('of the nation name whom the register names', () => {
    const shown = nationPage(framed('en'), sampleSnapshot, [])
    expect(reads(shown)).toContain('Data park &lt;b&gt;')
    expect(reads(shown)).not.toContain('data-park')
    expect(reads(nationPage(frame('en'), sampleSnapshot, []))).toContain('data-park')
  })

  test('of a real board have the names of the policy in force', async () => {
    using folder = temporaryFolder()
    const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
    const [register, policy] = [twoEnvironments(folder.path), folder.file('policy.yaml')]
    writeFileSync(policy, policyWithHosting())
    const declared = readDeclared(register, policy, clock.at)
    const collector = await openTestCollector(folder.path, clock, register, { declared })
    const cookie = await collector.cookie()
    const headers = { cookie }
    const put = await collector.app.inject({
      ...{ method: 'PUT', url: '/api/v1/institutions/health/workloads/mail', headers },
      payload: {
        ...{ name: { ar: 'البريد', en: 'Mail' }, criticality: 'important', state: 'identified' },
        ...{ provider: 'government-cloud', dataClass: 'restricted', why: 'as decided' },
      },
    })
    expect(put.statusCode, put.body).toBe(200)
    await collector.evaluate()
    const url = '/ar/institutions/health/migration'
    const shown = reads((await collector.app.inject({ url, headers })).body)
    await collector.close()
    expect(shown).toContain('المزود: السحابة الحكومية')
    expect(shown).toContain('تصنيف البيانات: بيانات مقيّدة')
  })
})
