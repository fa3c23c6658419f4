import { DocumentError } from '../../protocol/document.ts'
import { AppError } from '../error.ts'

/** Reads a file as somebody sent it. Throws AppError `invalid` with every problem in its detail. */
export function readSent<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    const problems = error.problems.map(({ line, path, message }) => ({ line, path, message }))
    throw new AppError('invalid', error.message, { cause: error, detail: { problems } })
  }
}
