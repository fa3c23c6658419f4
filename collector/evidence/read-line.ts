import { Compile } from 'typebox/compile'
import { JsonError, parseJson } from '../../protocol/json.ts'
import { Broken } from './claims.ts'
import {
  CheckpointLine,
  EndLine,
  exportFormat,
  HashLine,
  Header,
  LeafLine,
} from './export-format.ts'
import { CutShort } from './line-reader.ts'

const schemas = {
  header: Compile(Header),
  leaf: Compile(LeafLine),
  hash: Compile(HashLine),
  checkpoint: Compile(CheckpointLine),
  end: Compile(EndLine),
}

/** Reads the first line. Throws CutShort where there is none, Broken where it is no header. */
export function readHeader(line: Buffer | null): Header {
  if (!line) throw new CutShort('The file is empty.')
  let value: unknown
  try {
    value = parseJson(line)
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause
    throw new CutShort(`The file is no export of the format ${exportFormat}.`, { cause })
  }
  const { format } = (value ?? {}) as Partial<Header>
  if (format !== exportFormat) {
    throw new CutShort(`The file is no export of the format ${exportFormat}.`)
  }
  if (schemas.header.Check(value)) return value as Header
  throw new Broken('line 1: the header is not what an export begins with')
}

export type Line =
  | { readonly is: 'leaf'; readonly value: LeafLine }
  | { readonly is: 'hash'; readonly value: HashLine }
  | { readonly is: 'checkpoint'; readonly value: CheckpointLine }
  | { readonly is: 'end'; readonly value: EndLine }

/** Tells what a line is. Throws Broken. */
export function readLine(value: unknown, number: number): Line {
  for (const is of ['leaf', 'hash', 'checkpoint', 'end'] as const) {
    if (schemas[is].Check(value)) return { is, value } as Line // by its own schema
  }
  throw new Broken(`line ${number}: it is nothing that an export holds`)
}
