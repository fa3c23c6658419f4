import { clockFact } from './clock.ts'
import { diskFact } from './disk.ts'
import { dnsFact } from './dns.ts'
import { endpointProtectionFact } from './endpoint-protection.ts'
import type { FactProbe } from './fact.ts'
import { firewallFact } from './firewall.ts'
import { hardeningFact } from './hardening.ts'
import { healthFact } from './health.ts'
import { ipv6Fact } from './ipv6.ts'
import { tlsFact } from './tls.ts'
import { upsFact } from './ups.ts'
import { usageFact } from './usage.ts'

/** Every fact this agent measures. A new one is one file, one line here, one test. */
export const facts: Readonly<Record<string, FactProbe>> = {
  clock: clockFact,
  disk: diskFact,
  dns: dnsFact,
  endpointProtection: endpointProtectionFact,
  firewall: firewallFact,
  hardening: hardeningFact,
  health: healthFact,
  ipv6: ipv6Fact,
  tls: tlsFact,
  ups: upsFact,
  usage: usageFact,
}
