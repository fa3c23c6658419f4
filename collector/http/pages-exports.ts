import { AppError } from '../error.ts'
import type { ExportJobs } from '../exports/export-jobs.ts'
import { collectorLimits } from '../limits.ts'
import type { Account } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import { everyInstitution, exportsPage } from '../web/pages/exports.ts'
import { exportRefusalTexts } from '../web/texts/exports.ts'
import { everyone } from './access.ts'
import { formRefusal, instantOf } from './act-form.ts'
import { askedExport } from './exports.ts'
import type { BoardPart } from './page-route.ts'
import type { Views } from './views.ts'

/** The page of exports, and where its forms go. */
export const exportsPath = '/exports'

/** Cycles that can be chosen; the API takes all. */
const cyclesShownMax = 20

/** The page of exports: asked for, watched, downloaded, removed. */
export function exportsPart(
  jobs: ExportJobs,
  sources: { readonly cycles: Pick<Cycles, 'get' | 'list'>; readonly views: Views },
): BoardPart {
  const act = async (account: Account, form: URLSearchParams, timezone: string) => {
    const text = (name: string) => (form.get(name) ?? '').trim() || null
    if (text('act') === 'remove') return jobs.remove(account, text('id') ?? '')
    if (text('act') !== 'ask') throw formRefusal('other')
    const [from, to] = [text('from'), text('to')]
    const instant = (name: 'from' | 'to') => String(instantOf(text(name) ?? '', timezone, name))
    const window =
      from === null && to === null ? null : { from: instant('from'), to: instant('to') }
    const [subject, cycle] = [text('institution'), text('cycle')]
    const withInstitutions = subject === everyInstitution
    const institution = withInstitutions ? null : subject
    const asked = { institution, withInstitutions, cycle, window }
    await jobs.ask(account, await askedExport(asked, sources))
  }
  return {
    pages: {
      [exportsPath]: async (frame, snapshot, { refusedForm }) =>
        exportsPage(frame, snapshot, {
          exports: jobs.list(frame.account),
          cycles: (await sources.cycles.list()).slice(0, cyclesShownMax),
          keptMs: collectorLimits.exportAgeMsMax,
          refused: refusedForm,
        }),
    },
    access: { [exportsPath]: everyone },
    forms: {
      [exportsPath]: async (account, _place, { timezone }, form) => {
        try {
          await act(account, form, timezone)
          return '#exports'
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          const rule = error.code === 'not_found' ? error.code : String(error.detail.rule)
          if (error.code === 'unavailable' && rule !== 'disk_full') throw error
          const known = Object.hasOwn(exportRefusalTexts, rule) ? rule : 'other'
          const fields = new Map(
            ['act', 'institution', 'cycle', 'from', 'to'].map((name) => [
              name,
              (form.get(name) ?? '').trim(),
            ]),
          )
          const { field } = error.detail
          const named = typeof field === 'string' ? { field } : {}
          return { refusedForm: { rule: known, ...named, instants: {}, fields } }
        }
      },
    },
  }
}
