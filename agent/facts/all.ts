import { automationFact } from './automation.ts'
import { backupFact } from './backup.ts'
import { clockFact } from './clock.ts'
import { diskFact } from './disk.ts'
import { dnsFact } from './dns.ts'
import { endpointProtectionFact } from './endpoint-protection.ts'
import { type FactHost, type FactProbe, Missing } from './fact.ts'
import { firewallFact } from './firewall.ts'
import { hardeningFact } from './hardening.ts'
import { healthFact } from './health.ts'
import { ipv6Fact } from './ipv6.ts'
import { osFact } from './os.ts'
import { platformFact } from './platform.ts'
import { rebootsFact } from './reboots.ts'
import { tlsFact } from './tls.ts'
import { updatesFact } from './updates.ts'
import { upsFact } from './ups.ts'
import { usageFact } from './usage.ts'
import { versionFact } from './version.ts'
import { windowsFacts } from './windows/all.ts'

/** What is measured the same way on every platform. */
const anywhere = {
  backup: backupFact,
  dns: dnsFact,
  ipv6: ipv6Fact,
  tls: tlsFact,
  ups: upsFact,
  usage: usageFact,
  version: versionFact,
} as const satisfies Record<string, FactProbe>

/** Every fact this agent measures. A new one is one file, one line here, one test. */
export const facts: Readonly<Record<string, FactProbe>> = {
  ...anywhere,
  automation: automationFact,
  clock: clockFact,
  disk: diskFact,
  endpointProtection: endpointProtectionFact,
  firewall: firewallFact,
  hardening: hardeningFact,
  health: healthFact,
  os: osFact,
  platform: platformFact,
  reboots: rebootsFact,
  updates: updatesFact,
}

const notSupported = async () => {
  throw new Missing('not_supported', 'agent')
}

/** The facts of a platform: where it has no way to measure them, each says so. */
export function factsOf(platform: FactHost['platform']): Readonly<Record<string, FactProbe>> {
  if (platform === 'linux') return facts
  if (platform === 'win32') return { ...anywhere, ...windowsFacts }
  const others = Object.entries(facts).map(([name, { indicators }]): [string, FactProbe] => {
    return [name, { indicators, measure: notSupported }]
  })
  return { ...Object.fromEntries(others), ...anywhere }
}
