import { backupFact } from '../backup.ts'
import { dnsFact } from '../dns.ts'
import type { FactProbe } from '../fact.ts'
import { ipv6Fact } from '../ipv6.ts'
import { tlsFact } from '../tls.ts'
import { usageFact } from '../usage.ts'
import { versionFact } from '../version.ts'
import { automationOnWindows } from './automation.ts'
import { clockOnWindows } from './clock.ts'
import { diskOnWindows } from './disk.ts'
import { endpointProtectionOnWindows } from './endpoint-protection.ts'
import { firewallOnWindows } from './firewall.ts'
import { hardeningOnWindows } from './hardening.ts'
import { healthOnWindows } from './health.ts'
import { osOnWindows } from './os.ts'
import { platformOnWindows } from './platform.ts'
import { rebootsOnWindows } from './reboots.ts'
import { updatesOnWindows } from './updates.ts'
import { upsOnWindows } from './ups.ts'

/** Every fact of a Windows host. Those that ask only the network or our own files are shared. */
export const windowsFacts: Readonly<Record<string, FactProbe>> = {
  automation: automationOnWindows,
  backup: backupFact,
  clock: clockOnWindows,
  disk: diskOnWindows,
  dns: dnsFact,
  endpointProtection: endpointProtectionOnWindows,
  firewall: firewallOnWindows,
  hardening: hardeningOnWindows,
  health: healthOnWindows,
  ipv6: ipv6Fact,
  os: osOnWindows,
  platform: platformOnWindows,
  reboots: rebootsOnWindows,
  tls: tlsFact,
  updates: updatesOnWindows,
  ups: upsOnWindows,
  usage: usageFact,
  version: versionFact,
}
