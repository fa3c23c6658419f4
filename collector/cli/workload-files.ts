import { AppError } from '../error.ts'
import type { ImportedWorkloads } from '../people/workload-import.ts'
import { ask } from './admin.ts'
import { type Option, text, type Values } from './command.ts'
import { idOf, type runAct } from './operands.ts'
import { askedOf, fileOf, tellingProblems } from './published-file.ts'

export const applyOption: Option = {
  type: 'boolean',
  about: 'with import: do it; without this only what it would change is shown',
}

export const workloadFileDetails = `import FILE reads workloads from a CSV or YAML file and shows
what would change, field by field; with --apply it does so. A file with any fault is refused whole.
discover prints, as such a file, what agents measure and no workload names.`

/** Workloads as files: the way in, and what discovery proposes. */
export const workloadFileActs: Parameters<typeof runAct>[0] = {
  import: async (context, values, [file]) => {
    if (file === undefined) throw new AppError('configuration', 'Name the file: import FILE.')
    const { name, content } = fileOf({ ...values, file })
    const { apply, why } = askedOf(values)
    const body = { format: formatOf(name), content, ...(why !== undefined && { why }) }
    const path = `${base(values)}/import?dryRun=${!apply}`
    const answer = ask<ImportedWorkloads>(context, path, body)
    return importedText(await tellingProblems(context, name, answer))
  },
  discover: async (context, values) => {
    if (text(values, 'id') !== undefined) {
      throw new AppError('configuration', 'discover is of an institution: leave --id out.')
    }
    type Found = { readonly workloads: number; readonly content: string }
    const { workloads, content } = await ask<Found>(context, `${base(values)}/discovered`)
    context.err(`Environments that no workload names: ${workloads}.\n`)
    return content
  },
}

function base(values: Values): string {
  return `/api/v1/institutions/${idOf(values, 'institution')}/workloads`
}

function formatOf(name: string): 'csv' | 'yaml' {
  if (/\.csv$/i.test(name)) return 'csv'
  if (/\.ya?ml$/i.test(name)) return 'yaml'
  throw new AppError('configuration', 'FILE must end in .csv, .yaml or .yml.')
}

/** What an import did or would do, workload by workload. */
function importedText({ isApplied, added, changed, unchanged, absent }: ImportedWorkloads): string {
  const value = (each: unknown) => JSON.stringify(each)
  const lines = [
    ...added.map(({ id, name, state }) => `+ ${id} (${name.en}): ${state}\n`),
    ...changed.flatMap(({ id, fields }) => [
      `~ ${id}\n`,
      ...fields.map(({ field, before, after }) => {
        return `    ${field}: ${value(before)} -> ${value(after)}\n`
      }),
    ]),
    ...(absent.length > 0 ? [`Not in the file, and as they were: ${absent.join(', ')}\n`] : []),
  ]
  const done = isApplied ? 'Imported' : 'Nothing was imported; with --apply there would be'
  const counts = `${added.length} added, ${changed.length} changed`
  return `${lines.join('')}${done}: ${counts}. As they were: ${unchanged.length}.\n`
}
