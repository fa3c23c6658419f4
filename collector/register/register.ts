import type { Static } from 'typebox'
import {
  type Document,
  DocumentError,
  type Problem,
  readDocument,
} from '../../protocol/document.ts'
import type { Path } from '../../protocol/explain.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { Needs } from '../kpi/compose.ts'
import type { Bilingual } from '../kpi/snapshot.ts'
import { agentNameOf, type PopulationName } from './names.ts'
import {
  type criticalities,
  type environmentClasses,
  type hostingKinds,
  type institutionKinds,
  RegisterFile,
  registerLimits,
  type weekdays,
} from './register-schema.ts'

export type Criticality = (typeof criticalities)[number]
export type EnvironmentClass = (typeof environmentClasses)[number]

/** Hours of service on some days of the week: half-open, local time of the policy's zone. */
export type ServicePeriod = {
  readonly days: readonly (typeof weekdays)[number][]
  readonly from: string
  readonly to: string
}

export type Environment = {
  readonly id: string
  readonly name: Bilingual
  readonly class: EnvironmentClass
  readonly criticality: Criticality
  readonly site: string | null
  readonly hosting: {
    readonly provider: string
    readonly contract: string | null
    /** Absent where it is not said, so that what was recorded before says the same. */
    readonly kind?: (typeof hostingKinds)[number]
  } | null
  readonly serviceHours: 'always' | readonly ServicePeriod[]
  /** Null: every check that can be down, in series. */
  readonly needs: Needs | null
  /**
   * Checks of witnesses (`<agent name>/<check>`), of two or more agents, in order; absent without
   * any, so that what was recorded before there were witnesses says the same.
   */
  readonly witnesses?: readonly string[]
  /** What its owner promised; absent without. Unit: hours. */
  readonly recovery?: { readonly rpoHours?: number; readonly rtoHours?: number }
}

export type Site = { readonly id: string; readonly name: Bilingual }

/** What the register says of an institution itself; its environments are dated on their own. */
export type InstitutionRecord = {
  readonly id: string
  readonly kind: (typeof institutionKinds)[number]
  readonly name: Bilingual
  readonly sector: string | null
  readonly sites: readonly Site[]
  /** Checks (`<environment>/<agent name>/<check>`) by their role, in order; absent without any. */
  readonly roles?: Roles
}
export type Roles = {
  readonly remoteAccess?: readonly string[]
  readonly integrationPlatform?: readonly string[]
}
export type Institution = InstitutionRecord & { readonly environments: readonly Environment[] }

/** The register at one instant: institutions, environments and members in order of their ids. */
export type Register = {
  readonly institutions: readonly Institution[]
  readonly populations: Readonly<Record<PopulationName, readonly string[]>>
}

/** Reads register.yaml; `file` is only named in messages. Throws DocumentError: all problems. */
export function readRegister(text: string, file: string): Register {
  const document = readDocument(text, file, RegisterFile)
  const problems = crossCheck(document)
  if (problems.length > 0) throw new DocumentError(problems)
  const { institutions, populations } = document.value
  return {
    institutions: institutions.map(institutionOf).sort(byId),
    populations: {
      continuity: [...populations.continuity].sort(),
      enabled: [...populations.enabled].sort(),
      readiness: [...populations.readiness].sort(),
    },
  }
}

type InstitutionInFile = Static<typeof RegisterFile>['institutions'][number]
type EnvironmentInFile = InstitutionInFile['environments'][number]

function institutionOf(institution: InstitutionInFile) {
  const { id, kind, name, sector, sites, roles, environments } = institution
  return {
    id,
    kind,
    name: composed(name),
    sector: sector ?? null,
    sites: (sites ?? []).map((site) => ({ id: site.id, name: composed(site.name) })),
    ...(roles && { roles: rolesOf(roles) }),
    environments: environments.map(environmentOf).sort(byId),
  }
}

function rolesOf({ remoteAccess, integrationPlatform }: Roles): Roles {
  return {
    ...(remoteAccess && { remoteAccess: [...remoteAccess].sort() }),
    ...(integrationPlatform && { integrationPlatform: [...integrationPlatform].sort() }),
  }
}

function environmentOf(environment: EnvironmentInFile): Environment {
  const { id, name, criticality, site, hosting, serviceHours, needs } = environment
  const { witnesses, recovery } = environment
  return {
    id,
    name: composed(name),
    class: environment.class,
    criticality,
    site: site ?? null,
    hosting: hosting ? { contract: null, ...hosting } : null,
    serviceHours: serviceHours ?? 'always',
    needs: needs ?? null,
    ...(witnesses && { witnesses: [...witnesses].sort() }),
    ...(recovery && { recovery }),
  }
}

/** Names that look alike are the same text: Unicode's composed form. */
function composed({ ar, en }: Bilingual): Bilingual {
  return { ar: ar.normalize('NFC'), en: en.normalize('NFC') }
}

/** Orders by id, the same on every machine. */
function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** What a schema cannot say: ids are unique, references lead somewhere, groups can be met. */
function crossCheck({ value, problem }: Document<Static<typeof RegisterFile>>): Problem[] {
  const problems: Problem[] = []
  const report = (path: Path, message: string) => problems.push(problem(path, message))
  checkUnique(value.institutions, ['institutions'], report)
  for (const [i, { sites = [], roles = {}, environments }] of value.institutions.entries()) {
    const at = ['institutions', i]
    if (value.institutions[i]?.id === nationalLog) {
      report([...at, 'id'], `the id "${nationalLog}" is that of the national log`)
    }
    checkUnique(sites, [...at, 'sites'], report)
    checkUnique(environments, [...at, 'environments'], report)
    checkRoles(roles, environments, [...at, 'roles'], report)
    for (const [k, environment] of environments.entries()) {
      const siteIds = new Set(sites.map((site) => site.id))
      checkEnvironment(environment, siteIds, [...at, 'environments', k], report)
    }
  }
  const known = new Set(value.institutions.map(({ id }) => id))
  for (const [name, members] of Object.entries(value.populations)) {
    for (const [i, id] of members.entries()) {
      if (!known.has(id)) report(['populations', name, i], `no institution has the id "${id}"`)
    }
  }
  return problems
}

type Report = (path: Path, message: string) => void

function checkUnique(items: readonly { id: string }[], path: Path, report: Report): void {
  const seen = new Set<string>()
  for (const [i, { id }] of items.entries()) {
    if (seen.has(id)) report([...path, i, 'id'], `the id "${id}" is used twice`)
    seen.add(id)
  }
}

function checkRoles(
  roles: Roles,
  environments: readonly { id: string }[],
  path: Path,
  report: Report,
): void {
  const known = new Set(environments.map(({ id }) => id))
  for (const [role, checks] of Object.entries(roles)) {
    for (const [i, check] of checks.entries()) {
      const id = check.slice(0, check.indexOf('/'))
      if (known.has(id)) continue
      report([...path, role, i], `no environment of this institution has the id "${id}"`)
    }
  }
}

function checkEnvironment(
  { site, serviceHours, needs, witnesses, ...environment }: EnvironmentInFile,
  siteIds: ReadonlySet<string>,
  path: Path,
  report: Report,
): void {
  if (site !== undefined && !siteIds.has(site)) {
    report([...path, 'site'], `no site of this institution has the id "${site}"`)
  }
  if (Array.isArray(serviceHours)) {
    for (const [i, { from, to }] of serviceHours.entries()) {
      if (from >= to) {
        report([...path, 'serviceHours', i, 'to'], `must be after ${from}; split at midnight`)
      }
    }
  }
  if (needs !== undefined) checkNeeds(needs, 1, [...path, 'needs'], report)
  if (witnesses !== undefined) {
    const at = [...path, 'witnesses']
    if (environment.class !== 'public') report(at, 'only an environment of class public has them')
    if (new Set(witnesses.map(agentNameOf)).size < registerLimits.witnessesMin) {
      report(at, 'must be of at least two agents: one alone decides nothing')
    }
  }
}

function checkNeeds(needs: Needs, depth: number, path: Path, report: Report): void {
  if (typeof needs === 'string') return
  const { needsDepthMax } = registerLimits
  if (depth > needsDepthMax) {
    report(path, `must nest at most ${needsDepthMax} groups`)
    return
  }
  const [name, members] = 'all' in needs ? ['all', needs.all] : ['of', needs.of]
  if ('atLeast' in needs && needs.atLeast > members.length) {
    report([...path, 'atLeast'], `must be at most ${members.length}, the number of members`)
  }
  for (const [i, member] of members.entries()) {
    checkNeeds(member, depth + 1, [...path, name, i], report)
  }
}
