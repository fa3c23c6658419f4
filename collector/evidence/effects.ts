import { isDeepStrictEqual } from 'node:util'
import { daysOf, type Span } from '../../protocol/time.ts'
import { cycleActOf, parseCycleSubject } from '../register/cycles-log.ts'
import { declarationOf, parseDeclarationSubject } from '../register/declarations-log.ts'
import type { Entry } from '../register/difference.ts'
import { disputeTouched, parseDisputeSubject } from '../register/disputes-log.ts'
import { maintenanceTouched, parseMaintenanceSubject } from '../register/maintenance-log.ts'
import { baselineOf, exemptionOf, parseRoadmapSubject } from '../register/migration-log.ts'
import { migrationClosingOf, parseMigrationMonthSubject } from '../register/migration-months.ts'
import { modelActOf, modelSubject, parseModelSubject } from '../register/models-log.ts'
import { parsePolicyChangeSubject, policyChangeOf } from '../register/policy-changes.ts'
import { releaseActOf } from '../register/releases.ts'
import { parseWorkloadSubject, workloadOf } from '../register/workloads-log.ts'
import {
  type AgentRow,
  type AgentStatus,
  agentStatuses,
  type Effect,
  type EnvironmentKey,
} from '../store/store.ts'
import { nationalLog } from './leaf.ts'

/**
 * What an act changes beside its entry, told by the entry alone, so that it can be folded again.
 * Acts about the register are read where they stand; tokens are secrets and no part of the record.
 * `known` answers an agent as it stands before the act. Throws Error when the entry makes no sense.
 */
export function effectsOf(log: string, entry: Entry, known: (agent: string) => AgentRow): Effect[] {
  const { what, before, after } = entry
  const window = parseMaintenanceSubject(what)
  if (window) return dirtied(log, window, entry, maintenanceTouched)
  const dispute = parseDisputeSubject(what)
  if (dispute) return dirtied(log, dispute, entry, disputeTouched)
  const declared = parseDeclarationSubject(what)
  if (declared) return declaration(log, declared.institution, entry)
  const workload = parseWorkloadSubject(what)
  if (workload) return ofWorkload(log, workload.institution, entry)
  if (parseCycleSubject(what)) return cycle(log, entry)
  if (parseModelSubject(what)) return model(log, entry)
  if (parsePolicyChangeSubject(what)) return policyChange(log, entry)
  const roadmap = parseRoadmapSubject(what)
  if (roadmap) return roadmapAct(log, roadmap, entry)
  const month = parseMigrationMonthSubject(what)
  if (month) return closing(log, month, entry)
  const [family, agent = '', about, ...rest] = what.split('/')
  if (family !== 'agent' || rest.length > 0) return []
  if (about === undefined) return [enrolment(log, agent, before, after)]
  const row = known(agent)
  if (row.institution !== log) throw new Error('Its agent is of another log.')
  if (about === 'status') return [change(row, before, after)]
  if (about === 'key') return [release(row, before, after)]
  if (about === 'release') return askedRelease(row, entry)
  return []
}

/** The days of an environment on which an act about it changes what counts. */
function dirtied(
  log: string,
  { institution, environment }: EnvironmentKey,
  entry: Entry,
  touched: (entry: Entry) => Span[],
): Effect[] {
  if (institution !== log) throw new Error('Its environment is of another log.')
  requireAtOnce(entry)
  const days = new Set(touched(entry).flatMap(daysOf))
  return [...days].map((day) => ({ kind: 'dirty-day', institution, environment, day }))
}

/** The bytes that an approval froze are no part of the log: it holds their hash. */
function cycle(log: string, entry: Entry): Effect[] {
  if (log !== nationalLog) throw new Error('Acts about cycles stand in the national log.')
  const act = cycleActOf(entry.after)
  const key = parseCycleSubject(entry.what)!
  if (!act || act.id !== key.cycle || act.revision !== key.revision) {
    throw new Error('It holds no act about its cycle.')
  }
  requireAtOnce(entry)
  return []
}

/** A model changes no evidence: which one is in force is read where figures are computed. */
function model(log: string, entry: Entry): Effect[] {
  if (log !== nationalLog) throw new Error('Acts about models stand in the national log.')
  const act = modelActOf(entry.after)
  if (!act || modelSubject(act.model) !== entry.what) {
    throw new Error('It holds no act about its model.')
  }
  requireAtOnce(entry)
  return []
}

/** What people said to a change of the policy; the settings stand in entries of their own. */
function policyChange(log: string, entry: Entry): Effect[] {
  if (log !== nationalLog) throw new Error('Changes of the policy stand in the national log.')
  requireAtOnce(entry)
  const { before, after, what } = entry
  for (const value of before === null ? [after] : [before, after]) {
    if (policyChangeOf(value)?.id !== parsePolicyChangeSubject(what)) {
      throw new Error('It holds no change of the policy of its subject.')
    }
  }
  return []
}

/** A declaration changes no day: the readiness of an instant rests on what was declared by then. */
function declaration(log: string, institution: string, entry: Entry): Effect[] {
  if (institution !== log) throw new Error('Its institution is of another log.')
  requireAtOnce(entry)
  const { before, after } = entry
  for (const value of before === null ? [after] : [before, after]) {
    if (!declarationOf(value)) throw new Error('It holds no declaration.')
  }
  return []
}

/** An exemption or a baseline changes no day, as a declaration. */
function roadmapAct(
  log: string,
  { institution, kind, id }: NonNullable<ReturnType<typeof parseRoadmapSubject>>,
  entry: Entry,
): Effect[] {
  if (institution !== log) throw new Error('Its institution is of another log.')
  requireAtOnce(entry)
  const read = kind === 'exemption' ? exemptionOf : baselineOf
  const { before, after } = entry
  for (const value of before === null ? [after] : [before, after]) {
    if (read(value)?.id !== id) throw new Error(`It holds no ${kind} of its subject.`)
  }
  return []
}

/** A month of a migration is closed in the log of whom it is about. */
function closing(
  log: string,
  { month, whose }: NonNullable<ReturnType<typeof parseMigrationMonthSubject>>,
  entry: Entry,
): Effect[] {
  if (whose !== log) throw new Error('Its month is of another log.')
  requireAtOnce(entry)
  if (entry.before !== null || migrationClosingOf(entry.after)?.month !== month) {
    throw new Error('It closes no month of its subject.')
  }
  return []
}

/** A workload changes no day: what was measured is judged by what is registered at an instant. */
function ofWorkload(log: string, institution: string, entry: Entry): Effect[] {
  if (institution !== log) throw new Error('Its institution is of another log.')
  requireAtOnce(entry)
  const { before, after } = entry
  if (before === null && after === null) throw new Error('It holds no workload.')
  for (const value of [before, after]) {
    if (value !== null && !workloadOf(value)) throw new Error('It holds no workload.')
  }
  return []
}

function requireAtOnce(entry: Entry): void {
  const { at, effectiveFrom } = entry as Entry & { readonly at?: unknown }
  if (at !== effectiveFrom) throw new Error('It holds from another time than it was written.')
}

function enrolment(log: string, id: string, before: unknown, after: unknown): Effect {
  const agent = agentOf(after)
  const fits = before === null && agent.agent === id && agent.institution === log
  if (!fits) throw new Error('It enrols another agent.')
  return { kind: 'agent', agent, token: null }
}

function change({ agent, status }: AgentRow, before: unknown, after: unknown): Effect {
  if (before !== status) throw new Error('The agent had another status before.')
  if (!isStatus(after)) throw new Error('It holds no status.')
  return { kind: 'agent-status', agent, status: after }
}

/** A released agent goes on with a new key; the one before signs nothing any more. */
function release(row: AgentRow, before: unknown, after: unknown): Effect {
  const agent = agentOf(after)
  const fits = isDeepStrictEqual(agentOf(before), row) && agent.agent === row.agent
  if (!fits) throw new Error('The agent was another before.')
  const { kid, publicKey } = row
  const retired = { kid, agent: row.agent, publicKey, throughEpoch: 0, throughSeq: 0 }
  return { kind: 'agent-key', agent, retired }
}

/** What people said to a release changes nothing by itself: the change of the key stands beside. */
function askedRelease({ agent }: AgentRow, entry: Entry): Effect[] {
  requireAtOnce(entry)
  const { before, after } = entry
  for (const value of before === null ? [after] : [before, after]) {
    if (releaseActOf(value)?.id !== agent) throw new Error('It holds no release of its agent.')
  }
  return []
}

const agentFields = {
  agent: 'string',
  institution: 'string',
  environment: 'string',
  name: 'string',
  enrolledAt: 'number',
  status: 'string',
  kid: 'string',
  publicKey: 'string',
}

function agentOf(value: unknown): AgentRow {
  const row = (value ?? {}) as Record<string, unknown>
  const fits = Object.entries(agentFields).every(([name, type]) => typeof row[name] === type)
  if (!fits || !isStatus(row.status)) throw new Error('It holds no agent.')
  const named = Object.keys(agentFields).map((name) => [name, row[name]])
  return Object.fromEntries(named) as AgentRow // every field was looked at
}

function isStatus(value: unknown): value is AgentStatus {
  return agentStatuses.some((status) => status === value)
}
