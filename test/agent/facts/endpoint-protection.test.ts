import { describe, expect, test } from 'vitest'
import { endpointProtectionFact } from '../../../agent/facts/endpoint-protection.ts'
import { type FactHostParts, factNow } from '../../support/fact-host.ts'
import { readFact } from '../../support/read-fact.ts'

const day = 86_400_000
const comm = (...names: string[]) =>
  Object.fromEntries(
    ['systemd', ...names].map((name, index) => [`proc/${index + 1}/comm`, `${name}\n`]),
  )

/** What ClamAV's programs print (`man clamscan`, --version), with signatures of a week ago. */
const clamav = `ClamAV 1.4.6/27469/${new Date(factNow - 7 * day).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 $4')}\n`
/** Fields: learn.microsoft.com, Defender for Endpoint on Linux, `mdatp health`. */
const mdatp = (value: boolean, minutes: number) =>
  JSON.stringify({
    appVersion: '101.25042.0000',
    healthy: value,
    realTimeProtectionEnabled: { value },
    definitionsUpdatedMinutesAgo: minutes,
  })
const health = 'mdatp health --output json'

describe('endpoint protection', () => {
  test.each<[string, FactHostParts, object, object]>([
    [
      'nothing known',
      { files: comm('sshd') },
      { value: false, detail: 'none of 14 known products runs' },
      { missing: 'no_tool' },
    ],
    [
      'ClamAV',
      { files: comm('clamd'), said: { 'freshclam --version': clamav } },
      { value: true, detail: 'ClamAV' },
      { value: 7, method: 'clamav', detail: 'ClamAV 1.4.6, signatures 27469' },
    ],
    [
      'ClamAV without signatures',
      { files: comm('clamd'), said: { 'freshclam --version': 'ClamAV 1.4.6\n' } },
      { value: true },
      { missing: 'unreadable' },
    ],
    [
      'ClamAV that is only updated',
      { files: comm('freshclam') },
      { value: false },
      { missing: 'no_tool' },
    ],
    [
      'Microsoft Defender',
      { files: comm('wdavdaemon'), said: { [health]: mdatp(true, 2_880) } },
      { value: true, method: 'mdatp' },
      { value: 2, method: 'mdatp' },
    ],
    [
      'Microsoft Defender that only runs',
      { files: comm('wdavdaemon'), said: { [health]: mdatp(false, 60) } },
      { value: false },
      { method: 'mdatp' },
    ],
    [
      'Microsoft Defender that does not answer',
      { files: comm('wdavdaemon'), said: { [health]: 'ATTENTION' } },
      { value: true, method: 'services' },
      { missing: 'not_supported' },
    ],
    [
      'two products',
      { files: comm('wdavdaemon', 'wazuh-agentd'), said: { [health]: mdatp(false, 60) } },
      { value: true, detail: 'Microsoft Defender, Wazuh' },
      {},
    ],
    [
      'a product without signatures',
      { files: comm('falcon-sensor') },
      { value: true, detail: 'CrowdStrike Falcon' },
      { missing: 'not_supported', detail: 'CrowdStrike Falcon' },
    ],
    [
      'processes that are hidden',
      { files: {} },
      { missing: 'no_permission', permission: 'CAP_SYS_PTRACE (processes of others)' },
      { missing: 'no_permission' },
    ],
  ])('%s', async (_name, parts, on, age) => {
    const told = await readFact(endpointProtectionFact, parts)
    expect(told['endpoint_protection.on']).toMatchObject(on)
    expect(told['endpoint_protection.signatures_age_days']).toMatchObject(age)
  })
})
