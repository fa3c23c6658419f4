import { DocumentError } from '../../protocol/document.ts'
import { AppError } from '../error.ts'
import { columnOf, columnOrder, fieldsOfRow } from '../migration/workload-columns.ts'
import type { Account } from '../people/accounts.ts'
import type { Roadmap } from '../people/roadmap.ts'
import { importWorkloads } from '../people/workload-import.ts'
import type { Workloads } from '../people/workloads.ts'
import type { AskedWorkload } from '../register/workloads.ts'
import type { ImportPreview } from '../web/parts/import-forms.ts'
import type { FormProblem, RefusedMigration } from '../web/parts/migration-forms.ts'
import { type MigrationRefusalRule, migrationRefusalTexts } from '../web/texts/migration-forms.ts'
import { type FormFields, formRefusal, submitForm } from './act-form.ts'
import { isWhy } from './managers.ts'

/**
 * Does what a form about an institution's migration asks for; null when it is done, else why it was
 * refused, with all that stands against it.
 */
async function submitMigration(
  form: URLSearchParams,
  names: readonly string[],
  timezone: string,
  act: (fields: FormFields) => Promise<unknown>,
): Promise<RefusedMigration | null> {
  let problems: FormProblem[] = []
  const refused = await submitForm(form, names, migrationRefusalTexts, timezone, async (fields) => {
    try {
      return await act(fields)
    } catch (error) {
      problems = problemsOf(error)
      throw error
    }
  })
  return refused && { ...refused, problems }
}

/** What stands one by one in the detail of a refusal. */
export function problemsOf(error: unknown): FormProblem[] {
  const found = error instanceof AppError ? error.detail.problems : null
  if (!Array.isArray(found)) return []
  // Of a file by line and column, of a list by the name of the field.
  type Found = { line?: number | null; path?: string; field?: string; message: string }
  const isWorkload = error instanceof AppError && error.detail.rule === 'workload'
  return (found as Found[]).map(({ line = null, path, field = '', message }) => {
    const named = isWorkload ? columnOf(field.split('.')) : field
    return { line, place: path ?? named, message }
  })
}

const roadmapFields = ['act', 'kind', 'id', 'workload', 'expires', 'startOn', 'why'] as const

/** Does what a form about exemptions or the roadmap asks for; null when it is done. */
export function submitRoadmap(
  roadmap: Roadmap,
  account: Account,
  institution: string,
  form: URLSearchParams,
  timezone: string,
): Promise<RefusedMigration | null> {
  return submitMigration(form, roadmapFields, timezone, async ({ text, date, why }) => {
    const key = { institution, id: text('id') }
    const isExemption = text('kind') === 'exemption'
    switch (text('act')) {
      case 'ask': {
        const asked = { workload: text('workload'), reason: why, expiresAt: date('expires') }
        return roadmap.askExemption(account, institution, asked)
      }
      case 'propose':
        return roadmap.propose(account, institution, text('startOn'), why)
      case 'approve':
      case 'refuse': {
        const is = text('act') === 'approve' ? 'approved' : 'refused'
        return isExemption
          ? roadmap.decideExemption(account, key, is, why)
          : roadmap.decideBaseline(account, key, is, why)
      }
      case 'withdraw':
        return isExemption
          ? roadmap.withdrawExemption(account, key, why)
          : roadmap.withdrawBaseline(account, key, why)
      default:
        throw formRefusal('other')
    }
  })
}

/** Does what a form about one workload asks for; null when it is done. */
export function submitWorkload(
  workloads: Workloads,
  account: Account,
  institution: string,
  form: URLSearchParams,
  timezone: string,
): Promise<RefusedMigration | null> {
  const names = ['act', 'mode', 'why', ...columnOrder]
  return submitMigration(form, names, timezone, async ({ text, why }) => {
    const id = text('id')
    if (text('act') === 'remove') return workloads.remove(account, institution, id, why)
    if (text('act') !== 'put') throw formRefusal('other')
    const isKnown = workloads.list(account, institution).some((each) => each.id === id)
    // A new one must not take the place of another by its id.
    if (text('mode') === 'new' && isKnown) throw formRefusal('exists')
    if (text('mode') === 'change' && !isKnown) throw formRefusal('not_found')
    const cells = Object.fromEntries(columnOrder.map((name) => [name, text(name)]))
    for (const name of ['source_hosts', 'target_hosts']) {
      // Arabic keyboards have other signs for the same.
      cells[name] = (cells[name] ?? '').replaceAll(/[؛،,]/g, ';')
    }
    // The rules look at every field, whatever it holds.
    const asked = fieldsOfRow({ line: 0, cells }) as AskedWorkload
    await workloads.put(account, institution, asked, why)
  })
}

/** What a file would change, or why it was refused. */
export type SentFile =
  | { readonly preview: ImportPreview }
  | { readonly refusedMigration: RefusedMigration }

/** Shows what a file would change, or registers it; null when it is registered. */
export async function submitImport(
  workloads: Workloads,
  account: Account,
  institution: string,
  form: URLSearchParams,
): Promise<SentFile | null> {
  const [name, content] = [form.get('file.name') ?? '', form.get('file') ?? '']
  const [why, act] = [(form.get('why') ?? '').trim(), form.get('act')]
  const fields = new Map(['act', 'why'].map((field) => [field, form.get(field) ?? '']))
  let preview: ImportPreview | null = null
  try {
    if (name === '') throw formRefusal('no_file')
    const format = /\.csv$/i.test(name) ? 'csv' : /\.ya?ml$/i.test(name) ? 'yaml' : null
    if (!format) throw formRefusal('format')
    const file = { name, format, content } as const
    const difference = await importWorkloads(workloads, account, institution, file, {
      apply: false,
    })
    preview = { name, content, difference, refused: null }
    if (act !== 'apply') return { preview }
    if (!isWhy(why)) throw formRefusal('why')
    await importWorkloads(workloads, account, institution, file, { apply: true, why })
    return null
  } catch (thrown) {
    const error = thrown instanceof DocumentError ? fileRefusal(thrown) : thrown
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error
    const rule = error.code === 'not_found' ? error.code : String(error.detail.rule)
    const known = Object.hasOwn(migrationRefusalTexts, rule) ? rule : 'other'
    const refusedMigration: RefusedMigration = {
      rule: known as MigrationRefusalRule, // one of the texts
      ...{ instants: {}, fields, problems: problemsOf(error) },
    }
    return preview ? { preview: { ...preview, refused: refusedMigration } } : { refusedMigration }
  }
}

function fileRefusal(error: DocumentError): AppError {
  const { problems } = error
  return new AppError('invalid', 'The file was refused.', { detail: { rule: 'file', problems } })
}
