import { Document, isScalar, visit } from 'yaml'
import { initTexts } from '../cli/texts/init.ts'
import { type Language, said, say } from '../language.ts'
import { blankCheck, type EnvironmentClass, missingKinds } from './classes.ts'
import { proposeDisks } from './disks.ts'
import { type Proposal, toId, withUniqueNames } from './proposal.ts'
import { proposeResolver } from './resolver.ts'
import { proposeServices } from './services.ts'
import type { System } from './system.ts'
import { proposeClock } from './time-server.ts'
import { proposeUnits } from './units.ts'

/** What a proposed `agent.yaml` says beside what was found. */
export type ProposeOptions = {
  /** Address of the collector. */
  readonly collector: string
  /** Name of this agent, an id. */
  readonly name: string
  readonly intervalSeconds?: number
  /** Of the comments; English without. */
  readonly language?: Language
  /** Of the environment: what its minimum lacks is added as a comment. */
  readonly environmentClass?: EnvironmentClass
  /** Ports that are not to be checked. */
  readonly excludePorts?: readonly number[]
}

const intervalSecondsDefault = 60

/** Looks at the machine and writes an `agent.yaml` of checks that work there now. */
export async function proposeAgentYaml(options: ProposeOptions, system: System): Promise<string> {
  return agentYaml(options, await proposeChecks(options, system))
}

/** The checks this machine seems to deserve, what the machine is itself first. */
export async function proposeChecks(options: ProposeOptions, system: System): Promise<Proposal[]> {
  const [disks, clock, resolver, units, services] = await Promise.all([
    proposeDisks(system),
    proposeClock(system),
    proposeResolver(system),
    proposeUnits(system),
    proposeServices(system, options.excludePorts ?? []),
  ])
  const itself = { settings: {}, comment: said(initTexts.itself) }
  const found: Proposal[] = [
    { name: 'host', kind: 'host', ...itself },
    { name: 'memory', kind: 'memory', ...itself, comment: said(initTexts.memory) },
    { name: 'cpu', kind: 'cpu', ...itself, comment: said(initTexts.processors) },
    ...disks,
    clock,
    resolver,
    ...units,
    ...services,
    exampleOfBackup(system),
  ]
  const { environmentClass } = options
  const lacks = environmentClass && missingKinds(environmentClass, found)
  return withUniqueNames(lacks ? [...found, blankCheck(environmentClass)] : found)
}

/** Where backups are is for people to say. */
function exampleOfBackup({ platform }: System): Proposal {
  const path = platform === 'win32' ? 'D:\\Backup' : '/srv/backup'
  const settings = { path, pattern: '*.dump', ageHoursMax: 26 }
  const comment = said(initTexts.backupExample)
  return { name: 'backup', kind: 'backup', interval: '15m', settings, comment, declined: true }
}

/** An agent's name made of its host's: the name without its domain. */
export function agentName(system: System): string {
  return toId(system.hostName.split('.')[0] ?? '') || 'agent'
}

/** The text of `agent.yaml`. */
export function agentYaml(options: ProposeOptions, proposals: readonly Proposal[]): string {
  const { collector, name, intervalSeconds = intervalSecondsDefault, language = 'en' } = options
  const head = yaml({ apiVersion: 'istimrar.agent/v1', collector, name })
  const checks = proposals.map((proposal) => checkYaml(proposal, `${intervalSeconds}s`, language))
  const preamble = commentOf(say(initTexts.preamble, language))
  return `${preamble}${head}checks:\n${checks.join('')}`
}

/** Lines of a file; what isolates in a terminal would only be hidden characters there. */
function commentOf(text: string, indent = ''): string {
  const lines = text.replace(/[\u2066-\u2069]/g, '').split('\n')
  return lines.map((line) => `${indent}# ${line}\n`).join('')
}

function checkYaml(proposal: Proposal, usualInterval: string, language: Language) {
  const { name, kind, interval = usualInterval, settings, comment, declined } = proposal
  const text = yaml([{ name, kind, interval, ...settings }])
  const lines = text.trimEnd().split('\n')
  const prefix = declined ? '  # ' : '  '
  const line = comment.in(language).replace(/[\p{Cc}\s]+/gu, ' ') // a path may hold a new line
  return `${commentOf(line, '  ')}${lines.map((line) => `${prefix}${line}\n`).join('')}`
}

function yaml(value: object): string {
  const document = new Document()
  document.contents = document.createNode(value)
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every(isScalar)
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
