import { readFileSync, writeFileSync } from 'node:fs'
import type { HostingPolicy } from '../../collector/kpi/migration/hosting-policy.ts'
import type { AskedWorkload, WorkloadRules } from '../../collector/register/workloads.ts'

/** What a circular may demand: a cloud of the government, and one abroad for open data alone. */
export const sampleHosting: HostingPolicy = {
  circularDate: '2026-01-01',
  dataClasses: [
    { id: 'open', label: { ar: 'بيانات مفتوحة', en: 'Open data' }, countries: 'any' },
    { id: 'restricted', label: { ar: 'بيانات مقيّدة', en: 'Restricted data' }, countries: ['OM'] },
  ],
  providers: [
    {
      id: 'government-cloud',
      name: { ar: 'السحابة الحكومية', en: 'Government cloud' },
      clouds: ['openstack'],
      virtualisations: ['kvm'],
      regions: [{ id: '*', country: 'OM' }],
    },
    {
      id: 'public-cloud',
      name: { ar: 'سحابة عامة معتمدة', en: 'Approved public cloud' },
      clouds: ['azure'],
      virtualisations: [],
      regions: [{ id: 'uaenorth', country: 'AE' }],
    },
  ],
}

/** A workload as it is first heard of, with what a test is about. */
export function askedWorkload(more: Partial<AskedWorkload> = {}): AskedWorkload {
  return {
    ...{ id: 'licences', name: { ar: 'نظام التراخيص', en: 'Licence system' } },
    ...{ criticality: 'important', dataClass: null, strategy: null, wave: null, owner: null },
    ...{ source: null, target: null, provider: null, serviceSince: null },
    ...{ plannedStart: null, plannedFinish: null, startedOn: null, cutOverOn: null },
    ...{ retiredOn: null, state: 'identified', blocked: null },
    ...more,
  }
}

/** The same as one that has moved from the environment `internal` to `portal` in October 2026. */
export function movedWorkload(more: Partial<AskedWorkload> = {}): AskedWorkload {
  return askedWorkload({
    ...{ dataClass: 'restricted', strategy: 'rehost', wave: 'الأولى', owner: 'إدارة النظم' },
    source: { environment: 'internal', hosts: ['db-1'] },
    target: { environment: 'portal', hosts: [] },
    ...{ provider: 'government-cloud', serviceSince: '2019-03-01' },
    ...{ plannedStart: '2026-08-01', plannedFinish: '2026-12-31' },
    ...{ startedOn: '2026-09-15', cutOverOn: '2026-10-20', state: 'cut_over' },
    ...more,
  })
}

/** Rules of an institution with both environments, on a day of November 2026. */
export const sampleWorkloadRules: WorkloadRules = {
  today: '2026-11-21',
  hosting: sampleHosting,
  weights: { critical: 4, important: 2, supporting: 1 },
  isEnvironment: (environment) => environment === 'internal' || environment === 'portal',
  hostsOf: (environment) => new Set(environment === 'internal' ? ['db-1', 'db-2'] : ['web-1']),
  isGone: (id) => id === 'old-mail',
  count: 3,
}

/** The policy of `deploy/examples` with the setting that it leaves to the ministry: `sampleHosting`. */
export function policyWithHosting(): string {
  const example = readFileSync('deploy/examples/policy.yaml', 'utf8')
  const begin = example.indexOf('  # hosting:')
  return example.slice(0, begin) + example.slice(begin).replace(/^ {2}# /gm, '  ')
}

/** Writes a register of two institutions, each with the environments `portal` and `internal`. */
export function twoEnvironments(folder: string): string {
  const environment = (id: string) => `
      - id: ${id}
        name: { ar: بيئة, en: ${id} }
        class: internal
        criticality: critical`
  const institution = (id: string) => `
  - id: ${id}
    kind: institution
    name: { ar: مؤسسة, en: ${id} }
    environments:${environment('portal')}${environment('internal')}`
  const file = `${folder}/register.yaml`
  const populations = '{ continuity: [health, roads], enabled: [], readiness: [] }'
  const institutions = `${institution('health')}${institution('roads')}`
  writeFileSync(
    file,
    `apiVersion: istimrar.register/v1
institutions:${institutions}
populations: ${populations}
`,
  )
  return file
}
