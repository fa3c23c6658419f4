import type { Entry } from '../register/difference.ts'
import { agentNameOf } from '../register/names.ts'
import type { Environment } from '../register/register.ts'
import { parseSubject } from '../register/subject.ts'
import { isMessageKind } from '../store/logs.ts'
import type { AgentRow, EvaluationReader } from '../store/store.ts'
import { isWitness } from './leaf.ts'

/** The witnesses that an institution's environments name or ever named. */
export type UsedWitnesses = {
  readonly names: ReadonlySet<string>
  /** Their ids: an agent that took over the name of a revoked one, and that one too. */
  readonly agents: ReadonlySet<string>
}

/** Which witnesses the figures of an institution, or of one of its environments, rest on. */
export async function usedWitnesses(
  reader: Pick<EvaluationReader, 'entries' | 'contacts'>,
  institution: string,
  environment?: string,
): Promise<UsedWitnesses> {
  const names = new Set<string>()
  for (const { what, after } of await reader.entries('figures')) {
    const subject = parseSubject(what)
    if (subject?.about !== 'environment' || subject.institution !== institution) continue
    if (environment !== undefined && subject.environment !== environment) continue
    // Values were validated before an entry was made of them.
    const { witnesses = [] } = (after ?? {}) as Partial<Environment>
    for (const check of witnesses) names.add(agentNameOf(check))
  }
  if (names.size === 0) return { names, agents: new Set() }
  const used = (await reader.contacts()).filter((row) => isWitness(row) && names.has(row.name))
  return { names, agents: new Set(used.map(({ agent }) => agent)) }
}

/** What a national leaf is of one witness: its message, or an act about it. */
export type OfWitness = {
  readonly agent: string
  /** The name it enrols with, where the leaf is that act. */
  readonly name: string | null
}

/** Whose leaf of the national log this is; null where it is of no single witness. */
export function witnessOf(kind: string, entry: Record<string, unknown>): OfWitness | null {
  if (isMessageKind(kind)) return { agent: String(entry.agent), name: null }
  const { what, after } = entry as Partial<Entry>
  const [family, agent, about] = typeof what === 'string' ? what.split('/') : []
  if (kind !== 'act' || family !== 'agent' || !agent) return null
  const isEnrolment = about === undefined
  return { agent, name: isEnrolment ? String((after as Partial<AgentRow> | null)?.name) : null }
}
