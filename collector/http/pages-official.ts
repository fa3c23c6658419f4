import { parseOfficialSubject } from '../official/official-log.ts'
import { officialColumns, officialFormats } from '../official/read-official.ts'
import type { Account } from '../people/accounts.ts'
import { type Official, seenOf } from '../people/official.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { officialImportPage } from '../web/pages/official-import.ts'
import type { ResultsPreview } from '../web/parts/official-import.ts'
import { noFile } from '../web/parts/sent-file.ts'
import { officialRefusalTexts } from '../web/texts/official-import.ts'
import { formRefusal } from './act-form.ts'
import { fieldsOf, fileOf, refusedForm, seenIn } from './file-form.ts'
import { isWhy } from './managers.ts'
import type { BoardPart } from './page-route.ts'
import type { Published } from './trend-view.ts'

/** Where official results are imported and taken back, and where the forms of that page go. */
export const officialPath = '/official'

/** Cycles that are offered; any other that has begun can be typed. */
const cyclesShownMax = 20

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
          sent: sentResults ?? noFile,
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
  const fields = fieldsOf(form, fieldNames)
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
    const file = fileOf(form, officialFormats)
    const found = await official.importResults(account, cycle, file, { apply: false })
    const changes = found.changes.map(({ what, before, after }) => {
      return { institution: parseOfficialSubject(what)?.institution ?? what, before, after }
    })
    const { name, content } = file
    const seen = seenOf(found.changes)
    preview = { cycle, name, content, seen, changes, same: found.same }
    if (act === 'preview') return { sentResults: { preview, refused: null } }
    if (!isWhy(why)) throw formRefusal('why')
    await official.importResults(account, cycle, file, { apply: true, why, seen: seenIn(form) })
    return `?cycle=${encodeURIComponent(cycle)}#recorded`
  } catch (thrown) {
    const refused = refusedForm(thrown, officialRefusalTexts, fields)
    return { sentResults: { preview, refused } }
  }
}
