import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { secondMs } from '../../protocol/time.ts'
import type { Run } from '../child.ts'
import { withDeadline } from '../deadline.ts'
import { Missing } from './fact.ts'
import { windowsCommand } from './windows-script.ts'

/** What one run of the script may take: PowerShell alone needs seconds on a busy server. */
const windowsMs = 40 * secondMs

const closed = { additionalProperties: false } as const
const text = Type.String({ maxLength: 300 })
const number = Type.Union([Type.Number(), Type.Null()])
const yes = Type.Boolean()
const date = Type.Union([
  Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z$' }),
  Type.Null(),
])
const listOf = <T extends TSchema>(item: T) =>
  Type.Object({ list: Type.Array(item, { maxItems: 5_000 }) }, closed)
const closedOf = <P extends Record<string, TSchema>>(fields: P) => Type.Object(fields, closed)

/** What each section of the script tells, strictly: anything else makes it unreadable. */
const sections = {
  os: closedOf({
    ...{ caption: text, build: number, revision: number, release: text, edition: text },
    ...{ productType: number, bootedAt: date },
  }),
  machine: closedOf({
    ...{ manufacturer: text, model: text, hypervisor: yes, domain: yes, azure: yes },
    ...{ biosVendor: text, biosVersion: text, biosAt: date },
    chassis: Type.Array(Type.Number(), { maxItems: 50 }),
  }),
  volumes: listOf(closedOf({ id: text, fileSystem: text, bytes: number, freeBytes: number })),
  disks: listOf(closedOf({ bus: number, media: number, health: number })),
  virtualDisks: listOf(closedOf({ health: number })),
  smart: listOf(closedOf({ failing: yes })),
  events: closedOf({
    oldestAt: date,
    list: Type.Array(closedOf({ id: Type.Number(), at: date }), { maxItems: 5_000 }),
  }),
  updates: closedOf({
    ...{ searchedAt: date, installedAt: date },
    list: Type.Array(
      closedOf({ severity: text, at: date, categories: Type.Array(text, { maxItems: 50 }) }),
      { maxItems: 5_000 },
    ),
  }),
  hotfixes: listOf(closedOf({ installedOn: text })),
  firewall: closedOf({
    ...{ current: Type.Number(), running: yes },
    list: Type.Array(closedOf({ profile: Type.Number(), on: yes, inbound: Type.Number() }), {
      maxItems: 3,
    }),
  }),
  defender: closedOf({
    ...{ mode: text, service: yes, antivirus: yes, realTime: yes, signaturesAt: date },
  }),
  antivirus: listOf(closedOf({ name: text, state: number })),
  services: listOf(closedOf({ name: text, state: Type.Number() })),
  policies: closedOf({ domain: Type.Number() }),
  secureBoot: closedOf({ on: yes, uefi: yes }),
  accessControl: closedOf({ on: yes }),
  encryption: listOf(closedOf({ system: yes, protection: number })),
  time: closedOf({
    ...{ type: text, servers: text, running: yes },
    status: Type.Union([
      closedOf({ at: date, leap: text, stratum: text, offset: text }),
      Type.Null(),
    ]),
  }),
  batteries: listOf(closedOf({ status: number, minutes: number })),
} satisfies Record<string, TObject>

type Sections = { readonly [K in keyof typeof sections]: Static<(typeof sections)[K]> }
export type SectionName = keyof Sections
const sectionNames = Object.keys(sections) as SectionName[] // the keys just above

const errors = ['access_denied', 'not_there', 'failed', 'unreadable'] as const
type SectionError = (typeof errors)[number]
type Section<T> = { readonly ok: T } | { readonly error: SectionError }

/** What one PowerShell script tells of a Windows host; each section by itself. */
export type WindowsReport = { readonly [K in SectionName]: Section<Sections[K]> }

/** Why a section's facts cannot be had. */
const reasons = {
  access_denied: 'no_permission',
  not_there: 'not_supported',
  failed: 'not_known',
  unreadable: 'unreadable',
} as const

/** A section's value. Throws Missing where it has none, naming the permission that would help. */
export function told<K extends SectionName>(
  report: WindowsReport,
  name: K,
  method: string,
  permission = 'membership of the group Administrators (S-1-5-32-544)',
): Sections[K] {
  const section = report[name]
  if ('ok' in section) return section.ok
  const denied = section.error === 'access_denied' ? permission : undefined
  throw new Missing(reasons[section.error], method, denied)
}

/** A section's value, null where it has none: for what only adds to another. */
export function toldOr<K extends SectionName>(report: WindowsReport, name: K): Sections[K] | null {
  const section = report[name]
  return 'ok' in section ? section.ok : null
}

/** Runs the script once. Throws Missing where nothing at all can be had of it. */
export async function readWindows(run: Run): Promise<WindowsReport> {
  const { status, stdout } = await runScript(run)
  if (status === null) throw new Missing('timed_out', 'powershell')
  return parseWindowsReport(stdout)
}

async function runScript(run: Run) {
  try {
    return await withDeadline(windowsMs, (signal) => run(windowsCommand, signal))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Missing('no_permission', 'powershell', 'leave to start powershell.exe')
    }
    throw new Missing(code === 'ENOENT' ? 'no_tool' : 'timed_out', 'powershell')
  }
}

/**
 * Reads what the script wrote: one line of JSON, whatever stands around it. A section that is not
 * as it must be is unreadable by itself. Throws Missing where there is no report.
 */
export function parseWindowsReport(stdout: string): WindowsReport {
  const said = reportIn(stdout)
  if (!said) throw new Missing('unreadable', 'powershell')
  const entries = sectionNames.map((name) => [name, sectionOf(name, said[name])])
  return Object.fromEntries(entries) as WindowsReport // one entry for each name, checked by itself
}

function reportIn(stdout: string): Record<string, unknown> | null {
  const lines = stdout.replaceAll('\u{feff}', '').split(/\r?\n/)
  for (const line of lines) {
    if (!line.startsWith('{"v":1,')) continue
    try {
      return JSON.parse(line)
    } catch {
      return null // cut off
    }
  }
  return null
}

function sectionOf(name: SectionName, section: unknown): Section<unknown> {
  if (!isRecord(section)) return { error: 'unreadable' }
  const { ok, error } = section
  const known = errors.find((each) => each === error)
  if (known) return { error: known }
  const value = withoutWrappers(ok)
  return Compile(sections[name]).Check(value) ? { ok: value } : { error: 'unreadable' }
}

/** PowerShell 5.1 may write a list as `{value: [...], Count: n}`. */
function withoutWrappers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWrappers)
  if (!isRecord(value)) return value
  if (Array.isArray(value.value) && value.Count === value.value.length) {
    return withoutWrappers(value.value)
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutWrappers(each)]),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
