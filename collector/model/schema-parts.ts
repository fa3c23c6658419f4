import { Type } from 'typebox'
import { displayText } from '../../protocol/schema.ts'

/** Limits of a readiness model's file. */
export const modelLimits = {
  /** Leaves room for what a request says besides. */
  bytesMax: 128 * 1024,
  /** As JSON: an act that approves it holds it twice, and an entry of a log has a limit as well. */
  charactersMax: 96 * 1024,
  dimensionsMax: 20,
  indicatorsMax: 30,
  levelsMax: 10,
  stepsMax: 10,
  criteriaMax: 20,
  conditionsMax: 10,
  labelCharactersMax: 100,
  adviceCharactersMax: 300,
  /** Facts are kept by the day for no longer than this. */
  staleMeasuredDaysMax: 90,
} as const

/** Says nothing that is not named. */
export const closed = { additionalProperties: false } as const

/** A text of one form; the message says which. */
export function pattern(text: string, patternErrorMessage: string, description: string) {
  return Type.String({ pattern: text, patternErrorMessage, description })
}

/** A whole number. */
export function whole(minimum: number, maximum: number, description: string) {
  return Type.Integer({ minimum, maximum, description })
}

/** A number of any unit. */
export function number(description: string) {
  return Type.Number({ minimum: -1_000_000, maximum: 1_000_000, description })
}

/** A share, 0 to 1. */
export function share(description: string) {
  return Type.Number({ minimum: 0, maximum: 1, description })
}

/** What has one value in this version of the format. */
export function always<T extends string | number | boolean>(value: T, description: string) {
  return Type.Literal(value, { description })
}

function textIn(letters: string, language: string, charactersMax: number) {
  return Type.String({
    ...displayText(charactersMax),
    pattern: `^(?=.*[${letters}])[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]+$`,
    patternErrorMessage: `must be written in ${language} letters, without hidden characters`,
    description: `The text in ${language}, as people read it.`,
  })
}

/** A text in both languages. */
export function bilingual(
  description: string,
  charactersMax: number = modelLimits.labelCharactersMax,
) {
  const texts = {
    ar: textIn('\\u0621-\\u064a', 'Arabic', charactersMax),
    en: textIn('A-Za-z', 'Latin', charactersMax),
  }
  return Type.Object(texts, { ...closed, description })
}

/** A day. */
export function day(description: string) {
  const text = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
  return pattern(text, 'must be a day such as 2026-04-01', description)
}

/** A condition on a value. */
export function condition(description: string) {
  return pattern(
    '^value (<|<=|>|>=|=) (-?[0-9]{1,7}(\\.[0-9]{1,6})?|true|false)$',
    'must be a condition such as "value > 3" or "value = false", with <, <=, >, >= or =',
    description,
  )
}

/** Which environments something looks at. */
export function scope(description: string) {
  return Type.Enum(['critical', 'all'], { description })
}
