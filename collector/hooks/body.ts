import type { EpochMs } from '../../protocol/time.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { localTime } from '../kpi/zone.ts'
import type { Language, Text } from '../web/language.ts'
import type { Subject } from './conditions.ts'
import { eventId, type HookEvent } from './event.ts'
import { hookTexts, institutionSilentTexts, testText, wordTexts } from './texts.ts'

type About = Pick<Snapshot, 'simulated' | 'timezone'>

/** The bytes that are sent of an event, for ever the same: JSON. */
export function bodyOf(event: HookEvent, language: Language, about: About): string {
  const { id, type, status, at, since, subject, data } = event
  const { simulated } = about
  const text = textOf(event, language, about)
  const told = { v: 1, id, type, status, at: iso(at), since: since === null ? null : iso(since) }
  return JSON.stringify({ ...told, simulated, ...subjectOf(subject), data, text })
}

/** A trial message, and its id. */
export function testBody(hook: string, at: EpochMs, language: Language) {
  const id = eventId(`test|${hook}|${at}`)
  const told = { v: 1, id, type: 'test', status: 'began', at: iso(at), since: null }
  const nowhere = subjectOf({ institution: null, environment: null, agent: null })
  const text = testText[language]
  return { id, body: JSON.stringify({ ...told, simulated: false, ...nowhere, data: {}, text }) }
}

function subjectOf({ institution, environment, agent }: Subject) {
  const flat = (each: Subject['institution']) => each && { id: each.id, ...each.name }
  return { institution: flat(institution), environment: flat(environment), agent }
}

/** The sentence for people, with its values isolated so that they cannot turn its direction. */
export function textOf(event: HookEvent, language: Language, about: About): string {
  const { type, status, since, subject, data } = event
  const isWhole = type === 'agent_silent' && subject.agent === null
  const text: Text = (isWhole ? institutionSilentTexts : hookTexts[type])[status]
  const values: Readonly<Record<string, string>> = {
    institution: subject.institution?.name[language] ?? '',
    environment: subject.environment?.name[language] ?? '',
    agent: subject.agent?.name ?? '',
    since: since === null ? wordTexts.never[language] : localTime(since, about.timezone),
    // Down: nobody is told of half an allowance before it is used up.
    used: `${Math.floor(Number(data.usedRatio ?? 0) * 100)}%`,
    late: String(data.late ?? 0),
    workloads: String(data.workloads ?? 0),
    agents: String(data.agents ?? 0),
  }
  const mark = about.simulated ? `${wordTexts.simulated[language]}: ` : ''
  return mark + text[language].replace(/\{(\w+)\}/g, (_, name) => `\u2068${values[name]}\u2069`)
}

function iso(at: EpochMs): string {
  return new Date(at).toISOString()
}
