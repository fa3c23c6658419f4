import type { FactProbe } from '../fact.ts'
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

/** The facts that Windows has a way of its own for; the others are measured as anywhere. */
export const windowsFacts: Readonly<Record<string, FactProbe>> = {
  automation: automationOnWindows,
  clock: clockOnWindows,
  disk: diskOnWindows,
  endpointProtection: endpointProtectionOnWindows,
  firewall: firewallOnWindows,
  hardening: hardeningOnWindows,
  health: healthOnWindows,
  os: osOnWindows,
  platform: platformOnWindows,
  reboots: rebootsOnWindows,
  updates: updatesOnWindows,
  ups: upsOnWindows,
}
