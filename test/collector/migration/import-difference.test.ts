import { expect, test } from 'vitest'
import type { Workload } from '../../../collector/kpi/migration/workload.ts'
import { importDifference } from '../../../collector/migration/import-difference.ts'

const workload: Workload = {
  ...{ id: 'payroll', name: { ar: 'الرواتب', en: 'Payroll' }, criticality: 'critical', weight: 4 },
  ...{ dataClass: null, strategy: 'rehost', wave: null, owner: null, target: null },
  source: { environment: 'hall', hosts: ['a'] },
  ...{ provider: null, serviceSince: null, plannedStart: null, plannedFinish: null },
  ...{ startedOn: null, cutOverOn: null, retiredOn: null, state: 'assessed' },
  ...{ isRolledBack: false, blocked: null },
}

test('tells what is added, what changes field by field, what stays and what is not named', () => {
  const [payroll, portal, mail] = ['payroll', 'portal', 'mail'].map((id) => ({ ...workload, id }))
  const archive: Workload = { ...workload, id: 'archive' }
  const source = { hosts: [], environment: 'hall' }
  const after: Workload = { ...mail!, weight: 9, source, isRolledBack: true }
  const asked = ['archive', 'payroll', 'mail']
  const changes = [
    { before: null, after: archive },
    { before: mail!, after },
  ]
  expect(importDifference([payroll!, portal!, mail!], asked, changes)).toEqual({
    added: [archive],
    changed: [
      {
        id: 'mail',
        fields: [
          { field: 'weight', before: 4, after: 9 },
          { field: 'source', before: mail!.source, after: source },
          { field: 'isRolledBack', before: false, after: true },
        ],
      },
    ],
    unchanged: ['payroll'],
    absent: ['portal'],
  })
})
