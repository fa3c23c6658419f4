import type { Bilingual } from '../kpi/snapshot.ts'
import { type Content, Html, html } from './html.ts'

export const languages = ['ar', 'en'] as const
export type Language = (typeof languages)[number]

export const directions = { ar: 'rtl', en: 'ltr' } as const satisfies Record<Language, string>

/** Gregorian months as Oman names them and Latin digits: never bare `ar`. */
export const locales = {
  ar: 'ar-OM-u-nu-latn',
  en: 'en-GB',
} as const satisfies Record<Language, string>

/** A text of the board. `{name}` is a place for a value. */
export type Text = Bilingual

type Places<S extends string> = S extends `${string}{${infer Place}}${infer Rest}`
  ? Place | Places<Rest>
  : never
type Values<T extends Text> = { readonly [Place in Places<T['ar'] | T['en']>]: Content }
type Arguments<T extends Text> = keyof Values<T> extends never ? [] : [Values<T>]

const place = /\{(\w+)\}/

/** A text in one language, its values isolated so that they cannot disturb its direction. */
export function say<T extends Text>(language: Language, text: T, ...rest: Arguments<T>): Html {
  const values: Readonly<Record<string, Content>> = rest[0] ?? {}
  const parts = text[language].split(place)
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : isolated(values[part])))}`
}

function isolated(value: Content): Content {
  if (value instanceof Html) return value
  return html`<bdi${typeof value === 'number' ? html` dir="ltr"` : ''}>${value}</bdi>`
}

/** The same for attributes and titles, which hold no markup: isolated by characters instead. */
export function sayPlainly<T extends Text>(
  language: Language,
  text: T,
  ...rest: keyof Values<T> extends never ? [] : [{ readonly [P in keyof Values<T>]: string }]
): string {
  const values: Readonly<Record<string, string>> = rest[0] ?? {}
  const parts = text[language].split(place)
  return parts.map((part, i) => (i % 2 === 0 ? part : `\u2068${values[part]}\u2069`)).join('')
}

/** A noun with its number: every form that the language's plural rules tell apart. */
export type CountText = {
  readonly ar: Readonly<Record<'zero' | 'one' | 'two' | 'few' | 'many' | 'other', string>>
  readonly en: Readonly<Record<'one' | 'other', string>>
}

const pluralRules = { ar: new Intl.PluralRules(locales.ar), en: new Intl.PluralRules(locales.en) }

/** A number of things in words, e.g. "3 institutions"; plain text. */
export function count(language: Language, text: CountText, n: number): string {
  const forms: Readonly<Record<string, string>> = text[language]
  const form = forms[pluralRules[language].select(n)] ?? forms.other ?? ''
  return form.replace('{n}', new Intl.NumberFormat(locales[language]).format(n))
}
