import { dayMs } from '../../protocol/time.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'
import { glance, isObject, jsonObject, peek, unitStates } from './peek.ts'

/** A product that watches a host for malicious programs, and how one sees that it runs. */
type Product = {
  readonly name: string
  readonly units: readonly string[]
  /** Names of its processes, as the kernel cuts them: 15 characters. */
  readonly processes: readonly string[]
}

/**
 * What counts as endpoint protection on Linux. Names are those of the vendors' own packages; an
 * agent that only manages (Kaspersky's klnagent) or updates (freshclam) protects nothing by itself.
 */
const products: readonly Product[] = [
  { name: 'Microsoft Defender', units: ['mdatp'], processes: ['wdavdaemon'] },
  { name: 'ClamAV', units: ['clamav-daemon', 'clamd', 'clamd@scan'], processes: ['clamd'] },
  { name: 'CrowdStrike Falcon', units: ['falcon-sensor'], processes: ['falcon-sensor'] },
  { name: 'Trend Micro', units: ['ds_agent', 'splx'], processes: ['ds_agent', 'splxcore'] },
  { name: 'Sophos', units: ['sophos-spl', 'sav-protect'], processes: ['sophos_threat_d', 'savd'] },
  { name: 'ESET', units: ['efs', 'eea'], processes: ['oaeventd'] },
  { name: 'Kaspersky', units: ['kesl', 'kesl-supervisor'], processes: ['kesl'] },
  { name: 'SentinelOne', units: ['sentinelone'], processes: ['s1-agent', 'sentineld'] },
  { name: 'Bitdefender', units: ['bdsec', 'bd'], processes: ['bdsecd', 'bdsrvd'] },
  { name: 'Trellix', units: ['mfetpd', 'nails'], processes: ['mfetpd', 'nailsd'] },
  { name: 'Carbon Black', units: ['cbagentd', 'cbdaemon'], processes: ['cbagentd', 'cbdaemon'] },
  { name: 'Cortex XDR', units: ['traps_pmd'], processes: ['pmd'] },
  { name: 'Elastic Defend', units: ['ElasticEndpoint'], processes: ['elastic-endpoin'] },
  { name: 'Wazuh', units: ['wazuh-agent', 'ossec'], processes: ['wazuh-agentd', 'ossec-agentd'] },
]

/** Whether a known product protects this host, and how old what it knows is. */
export const endpointProtectionFact: FactProbe = {
  indicators: ['endpoint_protection.on', 'endpoint_protection.signatures_age_days'],
  async measure(host) {
    const found = await running(host)
    const names = found.map(({ name }) => name)
    const defender = names.includes('Microsoft Defender') ? await defenderHealth(host) : null
    const isOn = names.length > (defender?.isOn === false ? 1 : 0)
    const method = defender ? 'mdatp' : 'services'
    const detail = names.join(', ') || `none of ${products.length} known products runs`
    const on: Reading = { indicator: 'endpoint_protection.on', value: isOn, method, detail }
    const age = defender ?? (names.includes('ClamAV') ? await clamSignatures(host) : null)
    return [on, signatures(names, age)]
  },
}

type Signatures = {
  readonly ageDays: number | null
  readonly method: string
  readonly detail?: string
}

function signatures(names: readonly string[], age: Signatures | null): Reading {
  const indicator = 'endpoint_protection.signatures_age_days'
  if (age?.ageDays !== undefined && age.ageDays !== null) {
    const { ageDays, method, detail } = age
    return { indicator, value: ageDays, method, ...(detail !== undefined && { detail }) }
  }
  const method = age?.method ?? 'services'
  if (names.length === 0) return { indicator, value: null, method, missing: 'no_tool' }
  // Others tell the age of what they know to their own console only, or have no signatures.
  const missing = age ? 'unreadable' : 'not_supported'
  return { indicator, value: null, method, missing, detail: names.join(', ') }
}

/** Which products run. Throws Missing where neither services nor processes can be seen. */
async function running(host: FactHost): Promise<Product[]> {
  const units = products.flatMap((product) => product.units.map((unit) => `${unit}.service`))
  const states = await unitStates(host, units)
  const names = processNames(host)
  // A user who may not see others' processes sees not even the first one.
  if (!states && peek(host, '/proc/1/comm') === null) {
    throw new Missing('no_permission', 'services', 'CAP_SYS_PTRACE (processes of others)')
  }
  return products.filter(
    (product) =>
      product.units.some((unit) => states?.get(`${unit}.service`) === 'active') ||
      product.processes.some((name) => names.has(name)),
  )
}

function processNames(host: FactHost): ReadonlySet<string> {
  const ids = glance(host, '/proc').filter((name) => /^\d+$/.test(name))
  return new Set(ids.map((id) => peek(host, `/proc/${id}/comm`)?.trim() ?? ''))
}

/** Source of the fields: learn.microsoft.com, Defender for Endpoint, `mdatp health`. */
async function defenderHealth(host: FactHost): Promise<(Signatures & { isOn: boolean }) | null> {
  const said = await host.ask({ file: 'mdatp', args: ['health', '--output', 'json'] })
  const health = said && jsonObject(said.stdout)
  if (!health) return null
  const realTime = health.realTimeProtectionEnabled
  const isOn = isObject(realTime) ? realTime.value === true : realTime === true
  const minutes = health.definitionsUpdatedMinutesAgo
  const ageDays = typeof minutes === 'number' && minutes >= 0 ? minutes / (24 * 60) : null
  return { isOn, ageDays, method: 'mdatp' }
}

/** `ClamAV 1.4.6/27469/Thu Nov 20 09:41:00 2026`: engine, number and date of the signatures. */
async function clamSignatures(host: FactHost): Promise<Signatures> {
  const method = 'clamav'
  for (const file of ['freshclam', 'clamscan', 'clamdscan']) {
    const said = await host.ask({ file, args: ['--version'] })
    const [, engine, number, date] =
      /^ClamAV ([\d.]+)\S*?\/(\d+)\/(.+)$/m.exec(said?.stdout ?? '') ?? []
    const at = date ? Date.parse(`${date.trim()} UTC`) : Number.NaN
    if (Number.isFinite(at)) {
      const ageDays = Math.max(0, (host.now - at) / dayMs)
      return { ageDays, method, detail: `ClamAV ${engine}, signatures ${number}` }
    }
  }
  return { ageDays: null, method }
}
