import { dayMs, type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { AgentError } from '../error.ts'
import { notEnrolled, readIdentity } from '../identity.ts'
import { type Language, said, say } from '../language.ts'
import { sharedOptions } from '../program.ts'
import type { LeftMessage } from '../sent.ts'
import { openSpoolToRead } from '../spool-file.ts'
import { type Command, text } from './command.ts'
import { table } from './table.ts'
import { aboutTexts } from './texts/help.ts'
import { sentTexts, typeTexts } from './texts/sent.ts'

const unitMs = { m: minuteMs, h: hourMs, d: dayMs } as const

/** Shows what has left this host, decoded. */
export const sent: Command = {
  about: aboutTexts.sent,
  options: {
    dir: sharedOptions.dir,
    since: { type: 'string', default: '24h', value: 'WHEN', about: sentTexts.since },
    json: { type: 'boolean', about: sentTexts.json },
  },
  details: sentTexts.details,
  run: async ({ clock, out, err, language }, values) => {
    const from = since(text(values, 'since') ?? '', clock.wall())
    const dir = text(values, 'dir') ?? ''
    const spool = readIdentity(dir) && openSpoolToRead(dir)
    if (!spool) throw notEnrolled(dir)
    const rows: string[][] = []
    try {
      for (const message of spool.leftSince(from)) {
        if (values.json) out(`${JSON.stringify(payloadOf(message.jws))}\n`)
        else rows.push(row(message, language))
      }
    } finally {
      spool.close()
    }
    if (values.json) return 0
    const { sealed, message, type, bytes, content, nothing } = sentTexts
    const head = [sealed, message, type, bytes, content].map((each) => say(each, language))
    if (rows.length === 0) err(`${say(nothing, language)}\n`)
    else out(table([head, ...rows]))
    return 0
  },
}

/** The content of a message that was signed here. */
export function payloadOf(jws: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())
}

function since(given: string, now: EpochMs): EpochMs {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(given) ?? []
  if (count && unit) return now - Number(count) * unitMs[unit as keyof typeof unitMs] // as matched
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(given) ? Date.parse(given) : Number.NaN
  if (Number.isNaN(at)) throw new AgentError('usage', said(sentTexts.badSince))
  return at
}

function row(message: LeftMessage, language: Language): string[] {
  const { epoch, seq, through, type, sealedWall, jws, why, isAcknowledged } = message
  const content = type === 'batch' ? contentsOf(payloadOf(jws), language) : (why ?? '')
  return [
    new Date(sealedWall).toISOString(),
    `${epoch}/${seq}${through === seq ? '' : `-${through}`}`,
    say(typeTexts[type], language),
    String(jws.length),
    isAcknowledged ? content : say(sentTexts.notAcknowledged, language, { content }),
  ]
}

function contentsOf(batch: Record<string, unknown>, language: Language): string {
  const count = (name: string) => (Array.isArray(batch[name]) ? batch[name].length : 0)
  const counts = { runs: count('runs'), facts: count('facts'), checks: count('checks') }
  return say(sentTexts.contents, language, counts)
}
