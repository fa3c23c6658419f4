import { AppError } from '../error.ts'

/** Parts of one form, files among them. */
const partsMax = 40

/**
 * The fields of a form that a browser sent as `multipart/form-data`. A file is a field with its
 * content as text; what is no UTF-8 in it stands as U+FFFD, for its reader to refuse. The name it
 * had is the field `<name>.name`. Throws AppError `schema` for what no browser sends.
 */
export function readMultipart(contentType: string, body: Buffer): URLSearchParams {
  const boundary = /;\s*boundary="?([\w'()+,./:=?-]{1,70})"?\s*(?:;|$)/i.exec(contentType)?.[1]
  // One byte, one character: what is between the boundaries is decoded on its own.
  const pieces = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`)
  const isWhole = boundary !== undefined && pieces.length > 1 && pieces.at(-1)!.startsWith('--')
  if (!isWhole || pieces.length > partsMax + 2) throw malformed()
  const form = new URLSearchParams()
  for (const piece of pieces.slice(1, -1)) {
    const end = piece.indexOf('\r\n\r\n')
    const head = decoded(piece.slice(0, end))
    const name = /^content-disposition:\s*form-data;(?:.*;)?\s*name="([^"]*)"/im.exec(head)?.[1]
    if (!piece.startsWith('\r\n') || end === -1 || name === undefined) throw malformed()
    const file = /^content-disposition:.*;\s*filename="([^"]*)"/im.exec(head)?.[1]
    form.append(name, decoded(piece.slice(end + 4)))
    if (file !== undefined) form.append(`${name}.name`, file)
  }
  return form
}

function decoded(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}

function malformed(): AppError {
  return new AppError('schema', 'The form cannot be read.')
}
