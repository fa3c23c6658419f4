import { DocumentError } from '../../protocol/document.ts'
import { AppError } from '../error.ts'
import { refusedFile } from '../people/official.ts'
import type { NamedFile, RefusedFile } from '../web/parts/sent-file.ts'
import { formRefusal } from './act-form.ts'
import { problemsOf } from './migration-form.ts'

/** The named fields of a form without the spaces around them; empty where there are none. */
export function fieldsOf<Name extends string>(
  form: URLSearchParams,
  names: readonly Name[],
): ReadonlyMap<Name, string> {
  return new Map(names.map((name) => [name, (form.get(name) ?? '').trim()]))
}

/**
 * The file as it was chosen, or as the page that showed it has kept it, with the one of the formats
 * that its name ends in. Throws AppError, rules `no_file` and `format`.
 */
export function fileOf<Format extends string>(
  form: URLSearchParams,
  formats: readonly Format[],
): NamedFile & { readonly format: Format } {
  const [name, kept] = [form.get('file.name') ?? '', form.get('file.kept')]
  if (name === '') throw formRefusal('no_file')
  const format = formats.find((each) => name.toLowerCase().endsWith(`.${each}`))
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

/** The hash of the changes that the page has shown; empty where it has shown none. */
export function seenIn(form: URLSearchParams): string {
  return form.get('file.seen') ?? ''
}

/**
 * Why a form with a file was refused, by one of the rules that there are texts for, with every
 * fault of the file. Throws what is no refusal, such as a disk that is full.
 */
export function refusedForm<Rule extends string>(
  thrown: unknown,
  texts: Readonly<Record<Rule | 'file' | 'other', unknown>>,
  fields: ReadonlyMap<string, string>,
): RefusedFile<Rule | 'file' | 'other'> {
  const error = thrown instanceof DocumentError ? refusedFile(thrown) : thrown
  if (!(error instanceof AppError)) throw error
  const { code, detail } = error
  if (code === 'unavailable' || code === 'forbidden') throw error
  const told = thrown instanceof DocumentError ? 'file' : String(detail.rule)
  const named = code === 'not_found' ? code : told
  const rule = Object.hasOwn(texts, named) ? (named as Rule) : 'other'
  return { rule, instants: {}, fields, problems: problemsOf(error) }
}
