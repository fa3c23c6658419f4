import { describe, expect, test } from 'vitest'
import { automationFact } from '../../../agent/facts/automation.ts'
import { dayMs } from '../../../protocol/time.ts'
import { type FactHostParts, factNow, fakeFactHost } from '../../support/fact-host.ts'

const summary = '/opt/puppetlabs/puppet/public/last_run_summary.yaml'
const puppet = { [summary.slice(1)]: 'version: {}\n', 'etc/puppetlabs/': '' }
const facts = '/etc/ansible/facts.d'
const ago = (days: number) => factNow - days * dayMs

describe('whether a tool keeps the host as it should be', () => {
  test.each<[string, FactHostParts, boolean, string]>([
    ['none is there', {}, false, 'no trace of a management tool'],
    [
      'it came last week',
      { files: puppet, modified: { [summary]: ago(7) } },
      true,
      'puppet: last run 2026-09-24',
    ],
    [
      'it came long ago',
      { files: puppet, modified: { [summary]: ago(36) } },
      false,
      'puppet: last run 2026-08-26',
    ],
    [
      'it is there, and never came',
      { files: { 'etc/salt/minion': '' } },
      false,
      'salt: no run is recorded',
    ],
    [
      'a file in its folder is newer than the folder',
      {
        files: { [`${facts.slice(1)}/site.fact`]: '{}' },
        modified: { [facts]: ago(300), [`${facts}/site.fact`]: ago(2) },
      },
      true,
      'ansible: last run 2026-09-29',
    ],
    [
      'of two tools the one that still comes counts',
      {
        files: { ...puppet, 'var/chef/cache/x': '' },
        modified: { [summary]: ago(300), '/var/chef/cache': ago(1), '/var/chef/cache/x': ago(1) },
      },
      true,
      'chef: last run 2026-09-30',
    ],
  ])('%s', async (_name, parts, value, detail) => {
    const [reading] = await automationFact.measure(fakeFactHost(parts))
    expect(reading).toMatchObject({ value, detail })
  })

  test('what hides its last run is not taken for unmanaged', async () => {
    const host = fakeFactHost({ files: puppet, forbidden: [summary] })
    await expect(automationFact.measure(host)).rejects.toMatchObject({
      reason: 'no_permission',
      permission: `read access to ${summary}`,
    })
  })
})
