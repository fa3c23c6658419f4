import { thumbprint } from '../../protocol/jws.ts'
import type { NotVerified } from '../evidence/verify.ts'
import type { Figure } from '../kpi/snapshot.ts'
import type { Language } from '../web/language.ts'
import { limitTexts, reportTexts } from './report-texts.ts'
import type { VerifiedSet } from './verify-set.ts'

type Values = Readonly<Record<string, string | number>>

/** What a check found, in plain words: what was compared with what, and what nothing proves. */
export function reportOf(outcome: VerifiedSet | NotVerified, language: Language): string {
  const say = (text: keyof typeof reportTexts, values: Values = {}) =>
    filled(reportTexts[text][language], values, language)
  if (outcome.result !== 'ok') return `${say(outcome.result, { why: outcome.why })}\n`
  const { institution, exportedAt, isSimulated, sizes, withheld, keys } = outcome
  const { messages, witnessMessages } = outcome
  const { checkpoints, commitments, files, timeClasses } = outcome
  const logs = Object.entries(sizes).map(([log, size]) => `${log} ${size}`)
  const lines = [
    say('ok', { institution, at: time(exportedAt) }),
    ...(isSimulated ? [say('simulated')] : []),
    ...figuresOf(outcome, say),
    files === null ? say('noFiles') : say('files', { count: files }),
    say('logs', { logs: logs.join(', '), withheld }),
    say('messages', { count: messages, witnessed: witnessMessages }),
    say('dated', timeClasses),
    say('keys', { keys: keys.map(thumbprint).join(', ') }),
    say('checkpoints', { checkpoints, commitments }),
    outsideOf(outcome.outside, say),
    say('limits'),
    ...limitTexts.map((text) => `- ${text[language]}`),
  ]
  return `${lines.join('\n')}\n`
}

type Say = (text: keyof typeof reportTexts, values?: Values) => string

function figuresOf({ figures, nation, window }: VerifiedSet, say: Say): string[] {
  const span = { from: time(window.from), to: time(window.to) }
  if (figures) {
    const { institution } = figures
    if ('isRegistered' in institution) return [say('unregistered', span)]
    return [say('figures', span), shareOf(institution.continuity.cycle, say)]
  }
  if (!nation) return []
  const { given, logs, isRecomputed } = nation
  return [say(isRecomputed ? 'nationAgain' : 'nationNot', { ...span, given, logs })]
}

function shareOf({ sums, attested }: Figure, say: Say): string {
  if (!sums) return say('nothing')
  const known = sums.upMs + sums.degradedMs + sums.downMs
  const all = known + sums.unknownMs
  const none = percent(0, known)
  const of = (name: 'self' | 'witnessed' | 'both') => {
    const bound = attested?.[name]
    return bound ? `${bound.percent} %` : null
  }
  return say('shares', {
    known: percent(known, all),
    // Where nothing is witnessed, all that is known is the host's own word.
    self: of('self') ?? percent(known, known),
    witnessed: of('witnessed') ?? none,
    both: of('both') ?? none,
    centre: percent(sums.centreMs, all + sums.centreMs),
  })
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`
}

function outsideOf(outside: VerifiedSet['outside'], say: Say): string {
  const { receipts, checkpoints, newer } = outside
  if (receipts + checkpoints + newer === 0) return say('noOutside')
  const held = say('outside', { receipts, checkpoints })
  return newer > 0 ? `${held}; ${say('newer', { newer })}` : held
}

function time(at: number): string {
  return new Date(at).toISOString()
}

/** Values stand by themselves inside of Arabic, so that they do not change its direction. */
function filled(text: string, values: Values, language: Language): string {
  return text.replace(/\{(\w+)\}/g, (_place, name: string) => {
    const value = String(values[name] ?? '')
    return language === 'ar' ? `\u2068${value}\u2069` : value
  })
}
