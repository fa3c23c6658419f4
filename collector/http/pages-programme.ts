import { programmeFields } from '../official/programme-schema.ts'
import type { Account } from '../people/accounts.ts'
import { type Official, seenOf } from '../people/official.ts'
import { rolesThatMay } from '../people/permissions.ts'
import { programmeImportPage } from '../web/pages/programme-import.ts'
import type { ProgrammePreview } from '../web/parts/programme-import.ts'
import { noFile } from '../web/parts/sent-file.ts'
import { programmeRefusalTexts } from '../web/texts/programme-import.ts'
import { formRefusal } from './act-form.ts'
import { fieldsOf, fileOf, refusedForm, seenIn } from './file-form.ts'
import { isWhy } from './managers.ts'
import type { BoardPart, FormDone } from './page-route.ts'
import { changedFigures } from './programme-view.ts'
import type { Published } from './trend-view.ts'

/** Where the programme's figures are imported, and where the forms of that page go. */
export const programmeImportPath = '/programme/import'

/** The page on which the programme's figures come in. */
export function programmePart({ official }: Pick<Published, 'official'>): BoardPart {
  return {
    access: { [programmeImportPath]: rolesThatMay('official.import') },
    pages: {
      [programmeImportPath]: async (frame, snapshot, { sentProgramme }) =>
        programmeImportPage(frame, snapshot, {
          fields: programmeFields,
          figures: official.programme(),
          sent: sentProgramme ?? noFile,
        }),
    },
    forms: {
      [programmeImportPath]: (account, _place, _snapshot, form) => submit(official, account, form),
    },
  }
}

/** Shows what a file would change, or records it. */
async function submit(
  official: Official,
  account: Account,
  form: URLSearchParams,
): Promise<FormDone> {
  const fields = fieldsOf(form, ['act', 'why'])
  const [act, why] = [fields.get('act') ?? '', fields.get('why') ?? '']
  let preview: ProgrammePreview | null = null
  try {
    if (act !== 'preview' && act !== 'apply') throw formRefusal('other')
    const { name, content } = fileOf(form, ['yaml', 'yml'])
    const found = await official.importProgramme(account, content, name, { apply: false })
    const [figures, seen] = [changedFigures(found.changes), seenOf(found.changes)]
    preview = { name, content, seen, figures, same: found.same }
    if (act === 'preview') return { sentProgramme: { preview, refused: null } }
    if (!isWhy(why)) throw formRefusal('why')
    await official.importProgramme(account, content, name, { apply: true, why, seen: seenIn(form) })
    return '#recorded'
  } catch (thrown) {
    const refused = refusedForm(thrown, programmeRefusalTexts, fields)
    return { sentProgramme: { preview, refused } }
  }
}
