import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import type { Reading } from '../fact.ts'
import { told, toldOr, type WindowsReport } from '../windows.ts'
import { onWindows } from './family.ts'

/** Services of other makers' protection, which Security Center does not list on a server. */
const products: Readonly<Record<string, string>> = {
  CSFalconService: 'CrowdStrike Falcon',
  SentinelAgent: 'SentinelOne',
  ekrn: 'ESET',
  SepMasterService: 'Symantec Endpoint Protection',
  mfemms: 'Trellix (McAfee) Endpoint Security',
  ds_agent: 'Trend Micro Deep Security',
  ntrtscan: 'Trend Micro Apex One',
  EPSecurityService: 'Bitdefender',
  'Sophos Endpoint Defense Service': 'Sophos',
  xagt: 'Trellix (FireEye) Endpoint',
  CylanceSvc: 'Cylance',
  cyserver: 'Cortex XDR',
}
const running = 4

/** Malware protection that works in the background, and how old what it knows is. */
export const endpointProtectionOnWindows = onWindows(
  ['endpoint_protection.on', 'endpoint_protection.signatures_age_days'],
  (report, { now }) => {
    const other = thirdParty(report)
    const defender = toldOr(report, 'defender')
    const isActive = defender?.service && defender.antivirus && defender.realTime
    if (defender && isActive) return withDefender(defender.signaturesAt, now)
    if (other) return withOther(other)
    // Only now does it matter why Defender says nothing.
    told(report, 'defender', 'defender')
    const mode = defender?.mode ? ` (${defender.mode})` : ''
    const detail = `Microsoft Defender is there, but off${mode}`
    return [
      { indicator: on, value: false, method: 'defender', detail },
      { indicator: age, value: null, method: 'defender', missing: 'not_known' },
    ]
  },
)
const on = 'endpoint_protection.on'
const age = 'endpoint_protection.signatures_age_days'

function withDefender(signaturesAt: string | null, now: EpochMs): Reading[] {
  const method = 'defender'
  const detail = 'Microsoft Defender'
  const days = signaturesAt === null ? null : Math.max(0, (now - Date.parse(signaturesAt)) / dayMs)
  return [
    { indicator: on, value: true, method, detail },
    days === null
      ? { indicator: age, value: null, method, missing: 'not_known' }
      : { indicator: age, value: days, method, detail },
  ]
}

type Other = { readonly name: string; readonly on: boolean; readonly method: string }

function withOther({ name, on: isOn, method }: Other): Reading[] {
  return [
    { indicator: on, value: isOn, method, detail: name },
    // Nothing of Windows tells when another maker's signatures were made.
    { indicator: age, value: null, method, missing: 'no_tool', detail: name },
  ]
}

/**
 * Another maker's product: as Security Center sees it (not on servers), else a service that runs.
 * The state's second byte is 0x10 where the product is on.
 * Source: https://learn.microsoft.com/en-us/windows/win32/api/iwscapi/
 */
function thirdParty(report: WindowsReport): Other | null {
  const listed = (toldOr(report, 'antivirus')?.list ?? [])
    .filter(({ name }) => !/\bDefender\b/i.test(name))
    .map(({ name, state }) => {
      return { name, on: ((state ?? 0) & 0xf000) === 0x1000, method: 'security-center' }
    })
  const found = listed.find((each) => each.on) ?? listed[0]
  if (found) return found
  const services = toldOr(report, 'services')?.list ?? []
  const active = services.find(({ name, state }) => state === running && nameOf(name) !== null)
  return active ? { name: nameOf(active.name) ?? '', on: true, method: 'services' } : null
}

function nameOf(service: string): string | null {
  if (/^AVP\d*(\.\d+)*$/i.test(service)) return 'Kaspersky Endpoint Security'
  return products[service] ?? null
}
