import { publicKeyText } from '../../protocol/jws.ts'
import { rejoinCode } from '../../protocol/possession.ts'
import { reasonTexts } from '../../protocol/reason-texts.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import { dayMs, type EpochMs, hourMs, minuteMs, secondMs } from '../../protocol/time.ts'
import type { KeptCheckpoints } from '../checkpoints.ts'
import type { Contact } from '../deliver.ts'
import type { CheckFold, KeptFold } from '../fold.ts'
import { differences, type Identity, notEnrolled, readIdentity } from '../identity.ts'
import { readKey } from '../key-files.ts'
import type { KeyState } from '../keyring.ts'
import { type Language, type Said, say } from '../language.ts'
import type { Quarantine } from '../outbox.ts'
import { sharedOptions } from '../program.ts'
import type { Spool } from '../spool.ts'
import { isInUse, openSpoolToRead } from '../spool-file.ts'
import type { KeptFacts } from '../watch.ts'
import { type Command, text } from './command.ts'
import { loadConfig } from './files.ts'
import { table } from './table.ts'
import { stateTexts } from './texts/checks.ts'
import { errorTexts } from './texts/errors.ts'
import { aboutTexts } from './texts/help.ts'
import { agoTexts, outcomeTexts, progressTexts, statusTexts } from './texts/status.ts'
import { waitingCode } from './waiting.ts'

/** Shows how the agent stands, whether it runs or not. Reads only. */
export const status: Command = {
  about: aboutTexts.status,
  options: { config: sharedOptions.config, dir: sharedOptions.dir },
  details: statusTexts.details,
  run: async ({ clock, out, err, language }, values) => {
    const dir = text(values, 'dir') ?? ''
    const identity = readIdentity(dir)
    const spool = identity && openSpoolToRead(dir)
    if (!identity || !spool) throw notEnrolled(dir)
    const now = clock.wall()
    const kept = spool.state('fold') as KeptFold | null // written by the watch
    const rows = standing(spool, { identity, kept, now, isRunning: isInUse(dir), language })
    const attention = attentionOf(dir, spool, now, language)
    const needsAPerson = attention.length > 0
    spool.close()
    const checks = kept?.fold.checks.map((check) => checkRow(check, kept, now, language)) ?? []
    out(table([...rows, ...attention]) + table(checks, '  '))
    for (const difference of differencesIn(text(values, 'config') ?? '', identity)) {
      err(`${say(errorTexts.warning, language, { text: difference.in(language) })}\n`)
    }
    return needsAPerson ? waitingCode : 0
  },
}

type Standing = {
  readonly identity: Identity
  readonly kept: KeptFold | null
  readonly now: EpochMs
  readonly isRunning: boolean
  readonly language: Language
}

function standing(spool: Spool, { identity, kept, now, isRunning, language }: Standing) {
  const texts = statusTexts
  const { agent, name, institution, environment, collector } = identity
  const depth = spool.depth()
  const receipt = spool.lastReceipt()
  const contact = spool.state('delivery') as Contact | null // written by the watch
  const isQuarantined = spool.state('quarantine') !== null
  const key = spool.state('key') as KeyState | null // written by the outbox
  const noneYet = say(texts.noneYet, language)
  const progress = progressOf({ kept, contact, isRunning, isQuarantined, ...depth })
  const outcome = contact && {
    outcome: say(outcomeTexts[contact.outcome], language),
    ago: ago(now - contact.at, language),
  }
  return [
    [say(texts.agent, language), say(texts.named, language, { agent, name })],
    [say(texts.belongsTo, language), say(texts.place, language, { environment, institution })],
    [say(texts.collector, language), collector],
    [say(texts.progress, language), say(progressTexts[progress], language)],
    [say(texts.contact, language), outcome ? say(texts.contactAt, language, outcome) : noneYet],
    [say(texts.receipt, language), receipt ? receiptLine(receipt, language) : noneYet],
    [say(texts.spool, language), say(texts.waiting, language, depth)],
    [
      say(texts.looked, language),
      kept ? ago(now - kept.at.wall, language) : say(texts.notYet, language),
    ],
    [say(texts.facts, language), factsLine(spool, kept, now, language)],
    ...(key?.rotation?.isPending
      ? [[say(texts.key, language), say(texts.keyWaits, language)]]
      : []),
  ]
}

type Signs = {
  readonly kept: KeptFold | null
  readonly contact: Contact | null
  readonly isRunning: boolean
  readonly isQuarantined: boolean
  readonly messages: number
}

/** Messages that may wait while nothing is late: one being sealed while one is under way. */
const usualMessages = 2

function progressOf(signs: Signs): keyof typeof progressTexts {
  const { kept, contact, isRunning, isQuarantined, messages } = signs
  if (!isRunning) return kept ? 'not_running' : 'never_ran'
  if (isQuarantined) return 'quarantined'
  if (contact && ['failed', 'denied', 'busy'].includes(contact.outcome)) return 'out_of_touch'
  return messages > usualMessages ? 'catching_up' : 'reporting'
}

/** What somebody has to do something about. */
function attentionOf(dir: string, spool: Spool, now: EpochMs, language: Language): string[][] {
  const texts = statusTexts
  const rows: string[][] = []
  const quarantine = spool.state('quarantine') as Quarantine | null // written by the outbox
  const checkpoints = spool.state('checkpoints') as KeptCheckpoints | null // written by the outbox
  if (quarantine) {
    const since = { ago: ago(now - quarantine.at, language) }
    rows.push([say(texts.quarantined, language), say(texts.quarantine, language, since)])
  }
  const asked = readKey(dir, 'rejoin')
  if (asked) {
    const code = rejoinCode(publicKeyText(asked))
    rows.push([say(texts.rejoin, language), say(texts.rejoinWaits, language, { code })])
  }
  const contradictions = checkpoints?.contradictions ?? []
  if (contradictions.length > 0) {
    const logs = [...new Set(contradictions.map(({ log }) => log))].join(', ')
    rows.push([say(texts.alarm, language), say(texts.contradiction, language, { logs })])
  }
  return rows
}

/** Nothing where agent.yaml cannot be read: that is said where it is needed. */
function differencesIn(file: string, identity: Identity): Said[] {
  try {
    return differences(identity, loadConfig(file))
  } catch {
    return []
  }
}

function receiptLine(jws: string, language: Language): string {
  const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()
  const { epoch, seq, received } = JSON.parse(payload) as Receipt // verified when it was kept
  const at = new Date(received).toISOString()
  return say(statusTexts.receiptOf, language, { epoch, seq, received: at })
}

/** When the readiness facts were measured last, and whether the collector has them. */
function factsLine(spool: Spool, kept: KeptFold | null, now: EpochMs, language: Language): string {
  const measured = spool.state('facts') as KeptFacts | null // written by the watch
  if (!measured) return say(statusTexts.notYet, language)
  const { at } = measured
  const { factsSent, factsWait } = statusTexts
  // They leave with the first message sealed after them.
  const [first] = spool.leftSince(at)
  const isReceived = (kept?.fold.facts ?? []).length === 0 && first?.isAcknowledged === true
  return say(isReceived ? factsSent : factsWait, language, { ago: ago(now - at, language) })
}

function checkRow(
  { definition, last, doubt }: CheckFold,
  { at }: KeptFold,
  now: EpochMs,
  language: Language,
): string[] {
  const seen = doubt ?? last
  if (!seen) return [definition.check, say(statusTexts.notLooked, language)]
  const word = say(stateTexts[seen.state], language)
  const state = doubt ? say(statusTexts.toConfirm, language, { state: word }) : word
  const reason = seen.reason && say(reasonTexts[seen.reason], language)
  const shown = reason ? say(statusTexts.because, language, { state, reason }) : state
  return [definition.check, shown, ago(now - at.wall + at.boot - seen.at, language)]
}

function ago(ms: number, language: Language): string {
  for (const [unitMs, unit] of [
    [dayMs, agoTexts.days],
    [hourMs, agoTexts.hours],
    [minuteMs, agoTexts.minutes],
  ] as const) {
    if (ms >= 2 * unitMs) return say(unit, language, { n: Math.floor(ms / unitMs) })
  }
  return say(agoTexts.seconds, language, { n: Math.max(0, Math.round(ms / secondMs)) })
}
