import type { CheckKind, Observation } from '../../protocol/check.ts'
import { secondMs } from '../../protocol/time.ts'
import * as backup from './backup.ts'
import * as clock from './clock.ts'
import * as cpu from './cpu.ts'
import * as disk from './disk.ts'
import * as dns from './dns.ts'
import * as host from './host.ts'
import * as http from './http.ts'
import * as icmp from './icmp.ts'
import { journey } from './journey.ts'
import * as journeySettings from './journey-settings.ts'
import * as link from './link.ts'
import * as memory from './memory.ts'
import * as plugin from './plugin.ts'
import type { ProbeContext } from './probe.ts'
import * as program from './process.ts'
import * as service from './service.ts'
import type { SettingsSchema, SettingText } from './settings.ts'
import * as tcp from './tcp.ts'
import * as tls from './tls.ts'

/** A probe and what it may be told. Written as a method so that each kind's own settings fit. */
export type ProbeEntry = {
  probe(settings: unknown, context: ProbeContext): Observation | Promise<Observation>
  readonly settings: SettingsSchema
  /** Least time from one look to the next, of kinds that start a child for each. */
  readonly restMs?: number
  /** What is wrong with settings that the schema allows. */
  problems?(settings: unknown, rhythm: Rhythm): Iterable<SettingProblem>
}

/** How often a check looks, and how long a look may take. */
export type Rhythm = { readonly intervalMs: number; readonly timeoutMs: number }
/** Where in a check something is wrong, and a sentence that says what is allowed. */
export type SettingProblem = { readonly path: SettingText['path']; readonly message: string }

/** Rest between looks that start a child. */
const childRestMs = 30 * secondMs

const table = {
  host: { probe: host.host, settings: host.settings },
  disk: { probe: disk.disk, settings: disk.settings },
  memory: { probe: memory.memory, settings: memory.settings },
  cpu: { probe: cpu.cpu, settings: cpu.settings },
  process: { probe: program.processProbe, settings: program.settings },
  service: { probe: service.service, settings: service.settings },
  clock: { probe: clock.clock, settings: clock.settings },
  backup: { probe: backup.backup, settings: backup.settings },
  http: { probe: http.http, settings: http.settings },
  tcp: { probe: tcp.tcp, settings: tcp.settings },
  dns: { probe: dns.dns, settings: dns.settings },
  tls: { probe: tls.tls, settings: tls.settings },
  icmp: {
    ...{ probe: icmp.icmp, settings: icmp.settings },
    ...{ problems: icmp.problems, restMs: childRestMs },
  },
  link: { probe: link.link, settings: link.settings, problems: link.problems },
  journey: { probe: journey, ...journeySettings },
  plugin: { probe: plugin.plugin, settings: plugin.settings, restMs: childRestMs },
} as const satisfies Partial<Record<CheckKind, ProbeEntry>>

/** Kinds of check that this agent can make. */
export type ProbeKind = keyof typeof table
/** Every probe this agent has, by the kind of check it makes. */
export const probes: Readonly<Record<ProbeKind, ProbeEntry>> = table

/** Least time from one look of this kind to the next, also when the second is to confirm. */
export function restMsOf(kind: CheckKind): number {
  const entries: Readonly<Partial<Record<CheckKind, ProbeEntry>>> = probes
  return entries[kind]?.restMs ?? 0
}
