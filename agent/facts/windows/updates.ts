import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import { Missing, type Reading } from '../fact.ts'
import { told, toldOr, type WindowsReport } from '../windows.ts'
import { onWindows } from './family.ts'

/**
 * What makes an update one of security, by Microsoft's own identifiers: security and critical.
 * Source: https://learn.microsoft.com/en-us/previous-versions/windows/desktop/ff357803(v=vs.85)
 */
const securityCategories: readonly string[] = [
  '0fa1201d-4330-4fa8-8ae9-b877473b6441',
  'e6cf1350-c01b-414d-a61f-263d14d133b4',
]
/** Signatures of Defender: they are counted with endpoint protection. */
const definitionCategory = 'e0789628-ce08-4437-be74-2495b842f43b'

/** A host that has not looked for updates this long knows nothing of what it lacks. */
const searchAgeMsMax = 7 * dayMs
const method = 'windows-update-agent'

/**
 * Security updates found by the host's own last search and not installed. That search answers none
 * too when it never ran: then nothing is known.
 */
export const updatesOnWindows = onWindows(
  ['updates.security_pending', 'updates.security_oldest_days'],
  (report, { now }) => {
    const { searchedAt, list } = told(report, 'updates', method)
    const searched = searchedAt === null ? Number.NaN : Date.parse(searchedAt)
    if (!(now - searched <= searchAgeMsMax)) throw new Missing('not_known', method)
    const pending = list.filter(isSecurity)
    const dates = pending.flatMap(({ at }) => (at === null ? [] : Date.parse(at)))
    const missed = pending.length === 0 ? null : firstMissed(report, now)
    const oldest = Math.min(now, ...dates, missed ?? now)
    const days = Math.max(0, (now - oldest) / dayMs)
    const detail = `searched ${new Date(searched).toISOString().slice(0, 10)}`
    const readings: Reading[] = [
      { indicator: 'updates.security_pending', value: pending.length, method, detail },
      { indicator: 'updates.security_oldest_days', value: days, method, detail },
    ]
    return readings
  },
)

function isSecurity(update: { severity: string; categories: readonly string[] }): boolean {
  const categories = update.categories.map((each) => each.toLowerCase())
  if (categories.includes(definitionCategory)) return false
  return update.severity !== '' || categories.some((each) => securityCategories.includes(each))
}

/**
 * When the first update came out that the host lacks. Updates of Windows are cumulative: only the
 * newest is ever offered, so its own date would make a host without updates for a year look a
 * month late. One comes out each second Tuesday of a month.
 */
function firstMissed(report: WindowsReport, now: EpochMs): EpochMs | null {
  const installed = (toldOr(report, 'hotfixes')?.list ?? [])
    .map(({ installedOn }) => dateOf(installedOn))
    .filter((at) => at !== null && at <= now)
  if (installed.length === 0) return null
  return nextSecondTuesday(Math.max(...installed.map(Number)))
}

/** Windows writes month/day/year whatever its language, older ones a FILETIME in hexadecimal. */
function dateOf(text: string): EpochMs | null {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? []
  if (year) {
    const at = Date.UTC(Number(year), Number(month) - 1, Number(day))
    return new Date(at).getUTCMonth() === Number(month) - 1 ? at : null
  }
  if (!/^[0-9a-f]{16}$/i.test(text)) return null
  return Number(BigInt(`0x${text}`) / 10_000n) - 11_644_473_600_000
}

/** The first second Tuesday after the day of an instant, at its beginning (UTC). */
export function nextSecondTuesday(after: EpochMs): EpochMs {
  const date = new Date(after)
  for (let month = date.getUTCMonth(); ; month++) {
    const first = new Date(Date.UTC(date.getUTCFullYear(), month, 1))
    const day = 1 + ((2 - first.getUTCDay() + 7) % 7) + 7
    const at = first.getTime() + (day - 1) * dayMs
    if (at > after) return at
  }
}
