import { DocumentError } from '../../protocol/document.ts'
import { AppError } from '../error.ts'
import { parseOfficialSubject } from '../official/official-log.ts'
import { officialColumns } from '../official/read-official.ts'
import type { Account } from '../people/accounts.ts'
import { type Official, refusedFile } from '../people/official.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { officialImportPage } from '../web/pages/official-import.ts'
import type { ResultsPreview, SentResults } from '../web/parts/official-import.ts'
import { type OfficialRefusalRule, officialRefusalTexts } from '../web/texts/official-import.ts'
import { formRefusal } from './act-form.ts'
import { isWhy } from './managers.ts'
import { problemsOf } from './migration-form.ts'
import type { BoardPart } from './page-route.ts'
import type { Published } from './trend-view.ts'

/** Where official results are imported and taken back, and where the forms of that page go. */
export const officialPath = '/official'

/** Cycles that are offered; any other that has begun can be typed. */
const cyclesShownMax = 20

const nothingSent: SentResults = { preview: null, refused: null }

/** The page on which official results come in. */
export function officialPart({ official, cycles }: Published): BoardPart {
  return {
    access: { [officialPath]: rolesThatMay('official.import') },
    pages: {
      [officialPath]: async (frame, snapshot, { sentResults }, _place, query) => {
        const all = official.results(frame.account)
        const recorded = [...new Set(all.map(({ cycle }) => cycle))]
        const asked = sentResults?.refused?.fields.get('cycle') ?? sentResults?.preview?.cycle
        const wanted = asked ?? (typeof query.cycle === 'string' ? query.cycle : '')
        const shown = recorded.includes(wanted) ? wanted : recorded[0]
        const known = (await cycles.list()).slice(0, cyclesShownMax)
        // Results are published of a cycle that is over.
        const newest = known.find(({ to }) => to <= frame.now) ?? known[0]
        return officialImportPage(frame, snapshot, {
          cycles: known.map(({ id }) => id),
          cycle: asked ?? newest?.id ?? '',
          columns: officialColumns,
          results: all.filter(({ cycle }) => cycle === shown),
          recorded,
          sent: sentResults ?? nothingSent,
        })
      },
    },
    forms: {
      [officialPath]: (account, _place, _snapshot, form) => submit(official, account, form),
    },
  }
}

const fieldNames = ['act', 'cycle', 'institution', 'why'] as const

/** Shows what a file would change, records it, or takes a result back. */
async function submit(official: Official, account: Account, form: URLSearchParams) {
  const fields = new Map(fieldNames.map((name) => [name as string, (form.get(name) ?? '').trim()]))
  const text = (name: (typeof fieldNames)[number]) => fields.get(name) ?? ''
  const [act, cycle, why] = [text('act'), text('cycle'), text('why')]
  let preview: ResultsPreview | null = null
  try {
    if (act === 'withdraw') {
      if (!isWhy(why)) throw formRefusal('why')
      await official.withdraw(account, { cycle, institution: text('institution') }, why)
      return `?cycle=${encodeURIComponent(cycle)}#recorded`
    }
    if (act !== 'preview' && act !== 'apply') throw formRefusal('other')
    await official.requireCycle(cycle)
    const file = fileOf(form)
    const found = await official.importResults(account, cycle, file, { apply: false })
    const changes = found.changes.map(({ what, before, after }) => {
      return { institution: parseOfficialSubject(what)?.institution ?? what, before, after }
    })
    preview = { cycle, name: file.name, content: file.content, changes, same: found.same }
    if (act === 'preview') return { sentResults: { preview, refused: null } }
    if (!isWhy(why)) throw formRefusal('why')
    await official.importResults(account, cycle, file, { apply: true, why })
    return `?cycle=${encodeURIComponent(cycle)}#recorded`
  } catch (thrown) {
    const error = thrown instanceof DocumentError ? refusedFile(thrown) : thrown
    if (!(error instanceof AppError)) throw error
    const { code, detail } = error
    if (code === 'unavailable' || code === 'forbidden') throw error
    const told = thrown instanceof DocumentError ? 'file' : String(detail.rule)
    const named = code === 'not_found' ? code : told
    const known = Object.hasOwn(officialRefusalTexts, named) ? named : 'other'
    const rule = known as OfficialRefusalRule // one of the texts
    const refused = { rule, instants: {}, fields, problems: problemsOf(error) }
    return { sentResults: { preview, refused } }
  }
}

/**
 * The file as it was chosen, or as the page that showed it has kept it: as JSON, because browsers
 * change the line ends of what they send, and the log names the hash of the file. Throws AppError.
 */
function fileOf(form: URLSearchParams) {
  const [name, kept] = [form.get('file.name') ?? '', form.get('file.kept')]
  if (name === '') throw formRefusal('no_file')
  const format = (['csv', 'json'] as const).find((each) => name.toLowerCase().endsWith(`.${each}`))
  if (!format) throw formRefusal('format')
  return { name, format, content: kept === null ? (form.get('file') ?? '') : keptText(kept) }
}

function keptText(kept: string): string {
  try {
    const content: unknown = JSON.parse(kept)
    if (typeof content === 'string') return content
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw formRefusal('no_file')
}
