import { DocumentError, type Problem } from '../../protocol/document.ts'
import { AppError } from '../error.ts'
import { type ImportDifference, importDifference } from '../migration/import-difference.ts'
import { readWorkloads, type WorkloadFile } from '../migration/read-workloads.ts'
import type { PlacedProblem } from '../register/workloads.ts'
import type { Account } from './accounts.ts'
import type { Asked } from './official.ts'
import type { Workloads } from './workloads.ts'

export type ImportedWorkloads = ImportDifference & { readonly isApplied: boolean }

/**
 * Registers the workloads of a file, all of them or none, or tells what that would change. What the
 * file does not name stays as it is. Throws AppError; DocumentError with everything that is wrong
 * in the file, each with its line and its column or setting.
 */
export async function importWorkloads(
  workloads: Workloads,
  account: Account,
  institution: string,
  file: WorkloadFile,
  asked: Asked,
): Promise<ImportedWorkloads> {
  // Who may not do this is told so before anything of the file is.
  await workloads.tryAll(account, institution, [])
  const read = readWorkloads(file)
  const known = workloads.list(account, institution)
  const judged = await workloads.tryAll(account, institution, read.asked).catch((error) => {
    read.problems.push(...placed(error, read.problem))
    return []
  })
  if (read.problems.length > 0) throw new DocumentError(read.problems)
  const ids = read.asked.map(({ id }) => id)
  const difference = importDifference(known, ids, judged)
  if (asked.apply) await workloads.putAll(account, institution, read.asked, asked.why)
  return { isApplied: asked.apply, ...difference }
}

/** What the rules refuse, at its place in the file. Throws what is no refusal of a workload. */
function placed(
  error: unknown,
  problemOf: (index: number, field: string, message: string) => Problem,
): Problem[] {
  const problems = error instanceof AppError ? error.detail.problems : null
  if (!Array.isArray(problems)) throw error
  return (problems as PlacedProblem[]).map(({ index, field, message }) =>
    problemOf(index, field, message),
  )
}
