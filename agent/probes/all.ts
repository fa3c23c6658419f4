import type { CheckKind, Observation } from '../../protocol/check.ts'
import * as backup from './backup.ts'
import * as clock from './clock.ts'
import * as cpu from './cpu.ts'
import * as disk from './disk.ts'
import * as dns from './dns.ts'
import * as host from './host.ts'
import * as http from './http.ts'
import * as memory from './memory.ts'
import type { ProbeContext } from './probe.ts'
import * as program from './process.ts'
import * as service from './service.ts'
import type { SettingsSchema } from './settings.ts'
import * as tcp from './tcp.ts'
import * as tls from './tls.ts'

/** A probe and what it may be told. Written as a method so that each kind's own settings fit. */
export type ProbeEntry = {
  probe(settings: unknown, context: ProbeContext): Promise<Observation>
  readonly settings: SettingsSchema
}

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
} as const satisfies Partial<Record<CheckKind, ProbeEntry>>

/** Kinds of check that this agent can make. */
export type ProbeKind = keyof typeof table
/** Every probe this agent has, by the kind of check it makes. */
export const probes: Readonly<Record<ProbeKind, ProbeEntry>> = table
