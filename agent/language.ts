import { AgentError } from './error.ts'

/** The languages a person may read the agent in. */
export const languages = ['ar', 'en'] as const
export type Language = (typeof languages)[number]

/**
 * A text in both languages. `{name}` is a place for a value; between backticks stands what is the
 * same in every language, such as a command: it is kept from turning round in an Arabic line.
 */
export type Text = { readonly ar: string; readonly en: string }

type Places<S extends string> = S extends `${string}{${infer Place}}${infer Rest}`
  ? Place | Places<Rest>
  : never
/** A text said in another one turns round by itself: it is in the reader's language. */
export type Value = string | number | Said
type Values<T extends Text> = { readonly [P in Places<T['ar'] | T['en']>]: Value }
/** The values a text has places for; none where it has none. */
export type ValuesOf<T extends Text> = keyof Values<T> extends never ? [] : [Values<T>]

/** What was said before it is known who reads it. */
export type Said = { readonly in: (language: Language) => string }

/** A text in one language with its values. */
export function say<T extends Text>(text: T, language: Language, ...rest: ValuesOf<T>): string {
  const values: Readonly<Record<string, Value>> = rest[0] ?? {}
  const fill = (part: string, put: (value: string) => string) =>
    part.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? ''
      return typeof value === 'object' ? value.in(language) : put(String(value))
    })
  const isolate = language === 'ar' ? isolated : String
  return text[language]
    .split('`')
    .map((part, i) => (i % 2 === 0 ? fill(part, isolate) : isolate(fill(part, String))))
    .join('')
}

/** The same, for a reader who is not known yet: what an AgentError says. */
export function said<T extends Text>(text: T, ...rest: ValuesOf<T>): Said {
  return { in: (language) => say(text, language, ...rest) }
}

/**
 * A value in an Arabic line, isolated so that neither turns the other round (Unicode UAX 9: LRI or
 * FSI, then PDI). What is Arabic itself, or has no letter and no digit, needs none.
 */
export function isolated(value: string): string {
  if (!/[\p{Script=Latin}\p{Number}]/u.test(value)) return value
  if (/[\u2066-\u2069]/.test(value)) return value // said already
  const opening = /\p{Script=Arabic}/u.test(value) ? '\u2068' : '\u2066'
  return value
    .split('\n')
    .map((line) => (line === '' ? line : `${opening}${line}\u2069`))
    .join('\n')
}

/**
 * The language of the reader: `--lang` anywhere among the arguments, else that of the environment
 * (POSIX: the first that is set of LC_ALL, LC_MESSAGES and LANG). Answers the arguments without it.
 * Throws AgentError for a language there is not.
 */
export function languageOf(
  given: readonly string[],
  { LC_ALL, LC_MESSAGES, LANG }: Readonly<Partial<Record<string, string>>>,
): { language: Language; args: string[] } {
  let language: Language = (LC_ALL || LC_MESSAGES || LANG || '').startsWith('ar') ? 'ar' : 'en'
  const args: string[] = []
  for (let i = 0; i < given.length; i++) {
    const arg = given[i] ?? ''
    const wanted = arg === '--lang' ? given[++i] : /^--lang=(.*)$/s.exec(arg)?.[1]
    if (arg !== '--lang' && wanted === undefined) args.push(arg)
    else if (wanted === 'ar' || wanted === 'en') language = wanted
    else throw new AgentError('usage', said(badLanguage))
  }
  return { language, args }
}

const badLanguage = {
  ar: 'القيمتان المقبولتان للخيار `--lang` هما `ar` و`en`.',
  en: '`--lang` takes `ar` or `en`.',
}
