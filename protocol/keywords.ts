import { displayText, idPattern } from './schema.ts'

/** The keywords of JSON Schema that schemas of files may use; `explain` knows no others. */
export type Keywords = {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Keywords[]
  readonly properties?: Readonly<Record<string, Keywords>>
  readonly patternProperties?: Readonly<Record<string, Keywords>>
  readonly additionalProperties?: boolean
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly items?: Keywords
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly pattern?: string
  readonly patternErrorMessage?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly $defs?: Readonly<Record<string, Keywords>>
  readonly $id?: string
  readonly $ref?: string
}

const known: Readonly<Record<keyof Keywords, true>> = {
  type: true,
  title: true,
  const: true,
  enum: true,
  anyOf: true,
  properties: true,
  patternProperties: true,
  additionalProperties: true,
  required: true,
  minProperties: true,
  maxProperties: true,
  items: true,
  minItems: true,
  maxItems: true,
  uniqueItems: true,
  pattern: true,
  patternErrorMessage: true,
  minLength: true,
  maxLength: true,
  minimum: true,
  maximum: true,
  description: true,
  $defs: true,
  $id: true,
  $ref: true,
}

/** Throws for a schema with a keyword that would not be checked: that is a bug in the schema. */
export function assertKnown(schema: Keywords): void {
  const unknown = Object.keys(schema).filter((keyword) => !Object.hasOwn(known, keyword))
  if (unknown.length > 0) throw new Error(`explain() does not know ${unknown.join(', ')}.`)
}

/** Schemas that others refer to by name. */
export type Definitions = Readonly<Record<string, Keywords>>

/** Settings by name, as read. */
export type Fields = Readonly<Record<string, unknown>>

const shownCharactersMax = 60

/** Sentences for the patterns that messages and files share; a schema's type hides its pattern. */
const knownPatterns: Readonly<Record<string, string>> = {
  [idPattern]: 'must be an id: small letters, digits and hyphens, at most 63, no hyphen first',
  [(displayText(1) as Keywords).pattern ?? '']: 'must be plain text without hidden characters',
}

/** A piece of the user's own text for a message: quoted, escaped, shortened. */
export function quote(text: string): string {
  return JSON.stringify(
    text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax)}…` : text,
  )
}

/** The schema itself, or the definition it refers to. */
export function resolve(schema: Keywords, definitions: Definitions): Keywords {
  if (schema.$ref === undefined) return schema
  const target = definitions[schema.$ref]
  if (!target) throw new Error(`Schema refers to an unknown definition ${schema.$ref}.`)
  return target
}

/** Whether the value is a mapping of settings. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether the value is of the schema's type; more is not asked. Numbers must be finite. */
export function typeFits(schema: Keywords, value: unknown): boolean {
  switch (schema.type) {
    case 'object':
      return isFields(value)
    case 'array':
      return Array.isArray(value)
    case 'null':
      return value === null
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
      return Number.isFinite(value)
    case 'string':
    case 'boolean':
      return typeof value === schema.type
    case undefined:
      return true
    default:
      throw new Error(`Schema has a type that explain() does not know: ${schema.type}.`)
  }
}

/** What a schema allows, as a noun: `a whole number from 1 to 9`. */
export function describe(schema: Keywords, definitions: Definitions): string {
  const { title, type, minimum, maximum, enum: values, properties } = resolve(schema, definitions)
  if (title !== undefined) return title
  if (values) return list(values)
  if ('const' in schema) return JSON.stringify(schema.const)
  if (type === 'integer') return `a whole number${range(minimum, maximum)}`
  if (type === 'number') return `a number${range(minimum, maximum)}`
  if (type === 'boolean') return 'true or false'
  if (type === 'array') return 'a list'
  if (type === 'object' && properties) return `settings (${list(Object.keys(properties))})`
  if (type === 'object') return 'settings'
  return type === 'null' ? 'null' : 'text'
}

/** What is wrong with a text, or null. Length is counted in characters, not in bytes. */
export function badText(schema: Keywords, value: string): string | null {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema
  const length = [...value].length
  if (length < minLength && length === 0) return 'must not be empty'
  if (length < minLength) return `must have at least ${minLength} characters`
  if (length > maxLength) return `must have at most ${maxLength} characters, not ${length}`
  if (pattern === undefined || new RegExp(pattern, 'u').test(value)) return null
  return schema.patternErrorMessage ?? knownPatterns[pattern] ?? `must match ${pattern}`
}

/** What is wrong with a number, or null; other values are none of its business. */
export function badNumber(schema: Keywords, value: unknown): string | null {
  if (typeof value !== 'number') return null
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema
  return value >= minimum && value <= maximum
    ? null
    : `must be ${describe(schema, {})}, not ${value}`
}

function range(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return max === undefined ? '' : ` of at most ${max}`
  if (max === undefined || max === Number.MAX_SAFE_INTEGER) return ` of at least ${min}`
  return ` from ${min} to ${max}`
}

/** The sentence for a value that is none of a few. */
export function mustBeOneOf(values: readonly unknown[]): string {
  return values.length === 1 ? `must be ${list(values)}` : `must be one of ${list(values)}`
}

/** Values as a person writes them, with commas. */
export function list(values: readonly unknown[]): string {
  return values
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(', ')
}
