import { expect, test } from 'vitest'
import type { Discovered } from '../../../collector/kpi/migration/result.ts'
import { proposedWorkloads, workloadsCsv } from '../../../collector/migration/discovery.ts'
import { readWorkloads } from '../../../collector/migration/read-workloads.ts'
import { workloadProblems } from '../../../collector/register/workloads.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'
import { sampleWorkloadRules } from '../../support/sample-workloads.ts'

const [owner] = sampleSnapshot.institutions
const [first, second] = owner!.environments
const found = (environment: string, more: Partial<Discovered> = {}): Discovered => ({
  ...{ environment, hosts: ['a'], cloud: null, region: null, virtualisation: 'kvm' },
  ...{ provider: null, as: 'source' },
  ...more,
})

test('what is discovered stands in a file that can be imported as it is', () => {
  const discovered = [
    found(first!.id),
    found(second!.id, { as: 'target', provider: 'government-cloud', cloud: 'openstack' }),
    found('gone-from-the-register'),
  ]
  const proposed = proposedWorkloads(discovered, owner!.environments, [])
  expect(proposed).toMatchObject([
    { id: first!.id, name: first!.name, criticality: first!.criticality, target: null },
    { id: second!.id, source: null, provider: 'government-cloud' },
  ])
  expect(proposed.map(({ source, target }) => (source ?? target)?.environment)).toEqual([
    first!.id,
    second!.id,
  ])
  const content = workloadsCsv(proposed)
  const { asked, problems } = readWorkloads({ name: 'f', format: 'csv', content })
  expect([asked, problems]).toEqual([proposed, []])
  const rules = { ...sampleWorkloadRules, isEnvironment: () => true }
  expect(asked.flatMap((each) => workloadProblems(each, null, rules))).toEqual([])
})

test('an id that is taken is not proposed: it would change another workload', () => {
  const known = [{ id: first!.id }]
  expect(proposedWorkloads([found(first!.id)], owner!.environments, known)).toEqual([])
})
