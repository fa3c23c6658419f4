import type { Static, TSchema } from 'typebox'
import {
  type ErrorCode,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  visit,
  type Document as YamlDocument,
} from 'yaml'
import { explain, type Path } from './explain.ts'
import { quote } from './keywords.ts'

/** Limits of a YAML file that a person writes. */
export const documentLimits = {
  bytesMax: 1024 * 1024,
  /** Open collections at one place; the parser counts one for its document and one for its text. */
  nestingMax: 40,
  /** After so many problems the reader stops looking, and the message says so. */
  problemsMax: 1_000,
} as const

/** One thing wrong in a file: where, and what is allowed instead. */
export type Problem = {
  readonly file: string
  /** From 1; null where no line can be named. */
  readonly line: number | null
  /** Such as `institutions[0].name.ar`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
}

/** A file that cannot be used, with everything that is wrong in it, in order of lines. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    const { problemsMax } = documentLimits
    const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    const shown = sorted.slice(0, problemsMax).map(formatProblem)
    const more = problems.length < problemsMax ? [] : ['There may be more; correct these first.']
    super([...shown, ...more].join('\n'))
    this.problems = sorted
  }
}

/** A file that fits its schema. */
export type Document<T> = {
  readonly value: T
  /** A problem at a path of the value, with its line or that of the nearest parent there is. */
  problem(path: Path, message: string): Problem
}

/** `file:line: path: message`, without the parts that are not known. */
function formatProblem({ file, line, path, message }: Problem): string {
  const place = line === null ? file : `${file}:${line}`
  return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`
}

/**
 * Reads a YAML file that a person wrote: YAML 1.2 without anchors, aliases, tags and directives,
 * each setting once, all of it known to the schema. `file` is only named in messages.
 * Throws DocumentError with all problems at once.
 */
export function readDocument<S extends TSchema>(
  text: string,
  file: string,
  schema: S,
): Document<Static<S>> {
  const { value, problem, problems } = inspectDocument(text, file, schema)
  if (problems.length > 0) throw new DocumentError(problems)
  // The value is of the schema's type because nothing was found that differs from the schema.
  return { value: value as Static<S>, problem }
}

/**
 * The same, for a reader that adds what a schema cannot say to what differs from the schema, so
 * that all of it is told at once. Throws DocumentError only where the text has no content to look
 * at.
 */
export function inspectDocument(
  text: string,
  file: string,
  schema: TSchema,
): Document<unknown> & { readonly problems: Problem[] } {
  const atLine = (line: number | null, message: string) => ({ file, line, path: '', message })
  const { bytesMax } = documentLimits
  if (Buffer.byteLength(text) > bytesMax) {
    throw new DocumentError([atLine(null, `must be at most ${bytesMax} bytes`)])
  }
  // What a decoder puts where bytes are no UTF-8: a file saved as Windows-1256, say.
  const undecoded = text.indexOf('\ufffd')
  if (undecoded !== -1) {
    throw new DocumentError([atLine(lineAt(text, undecoded), 'must be saved as UTF-8')])
  }
  const tooDeep = lineTooDeep(text)
  if (tooDeep !== null) throw new DocumentError([atLine(tooDeep, 'nests too deeply')])
  const lineCounter = new LineCounter()
  const lineOf = (offset: number) => lineCounter.linePos(offset).line
  const yaml = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    logLevel: 'error',
    stringKeys: true,
    // The parser's own check takes time square in the number of keys; ours is below.
    uniqueKeys: false,
  })
  const findings = syntaxFindings(yaml)
  const problems = findings.map(({ offset, message }) => atLine(lineOf(offset), message))
  if (findings.some(({ fatal }) => fatal)) throw new DocumentError(problems)
  const problem = (path: Path, message: string): Problem => ({
    file,
    line: lineOf(offsetOf(yaml, path)),
    path: formatPath(path),
    message,
  })
  const value: unknown = yaml.toJS()
  for (const { path, message } of explain(schema, value).take(documentLimits.problemsMax)) {
    problems.push(problem(path, message))
  }
  return { value, problem, problems }
}

/**
 * The line on which the text nests deeper than allowed, or null. Asked before the text is composed,
 * because composing recurses and a deep text can end the process.
 */
function lineTooDeep(text: string): number | null {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme))
    if (parser.stack.length > documentLimits.nestingMax) {
      return lineAt(text, parser.offset)
    }
  }
  return null
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** What the parser's errors mean to whoever wrote the file; its own sentences are its author's. */
export const syntaxFaults: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_DQ_ESCAPE: 'a backslash in double quotes is written twice, or use single quotes',
  BAD_INDENT: 'the indentation is wrong',
  BAD_SCALAR_START: 'a text that begins so is written in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'settings of a setting begin on a line of their own',
  MISSING_CHAR: 'a quote, bracket, comma, colon or space is missing',
  MULTILINE_IMPLICIT_KEY: 'a name and its colon are on one line',
  MULTIPLE_DOCS: 'a line of three hyphens begins another document',
  TAB_AS_INDENT: 'lines are indented with spaces, not with tabs',
}
/** Said of the parser's other errors. */
export const notUnderstood = 'what stands here has no place'

/** Fatal: what the text means is not known, so that its content is not looked at. */
type Finding = { readonly offset: number; readonly message: string; readonly fatal: boolean }

function syntaxFindings(yaml: YamlDocument): Finding[] {
  // An unknown tag is a warning of the parser; below it is refused like any tag.
  const warnings = yaml.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED')
  const findings = [...yaml.errors, ...warnings].map(({ code, pos: [offset] }) => {
    return { offset, message: `is not YAML: ${syntaxFaults[code] ?? notUnderstood}`, fatal: true }
  })
  const refuse = (node: Node, message: string, fatal = true) => {
    findings.push({ offset: node.range?.[0] ?? 0, message, fatal })
  }
  if (yaml.directives?.yaml.explicit) {
    findings.push({ offset: 0, message: 'must have no %YAML line', fatal: true })
  }
  visit(yaml, {
    Alias: (_key, node) => refuse(node, 'must not use an alias (*)'),
    Value: (_key, node) => {
      if (node.anchor !== undefined) refuse(node, 'must not use an anchor (&)')
      if (node.tag !== undefined) refuse(node, 'must not use a tag (!)')
      if (!isMap(node)) return
      const names = new Set<string>()
      for (const key of node.items.map((pair) => pair.key).filter(isScalar)) {
        const name = String(key.value)
        if (names.has(name)) refuse(key, `setting ${quote(name)} appears twice`, false)
        names.add(name)
      }
    },
  })
  return findings
}

/** Offset of the setting or list entry at the path, or of the nearest parent that is there. */
function offsetOf(yaml: YamlDocument, path: Path): number {
  let offset = 0
  let node: unknown = yaml.contents
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
      if (!isPair(pair) || !isScalar(pair.key)) break
      offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step]
      if (!isNode(item)) break
      offset = item.range?.[0] ?? offset
      node = item
    } else break
  }
  return offset
}

function formatPath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')
}
