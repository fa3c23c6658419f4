import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stateTexts } from '../../../agent/cli/texts/checks.ts'
import { hasArabic, problemIn } from '../../../agent/cli/texts/problems.ts'
import { readConfig } from '../../../agent/config.ts'
import type { Text } from '../../../agent/language.ts'
import { probes } from '../../../agent/probes/all.ts'
import * as board from '../../../collector/web/texts/checks.ts'
import { DocumentError, notUnderstood, syntaxFaults } from '../../../protocol/document.ts'
import { reasonTexts } from '../../../protocol/reason-texts.ts'

const folder = join(import.meta.dirname, '../../../agent/cli/texts')
const files = globSync('*.ts', { cwd: folder }).sort()
const modules: Record<string, object> = Object.fromEntries(
  await Promise.all(files.map(async (file) => [file, await import(join(folder, file))])),
)

/** Every pair of texts that the modules hold, with the way to it. */
function textsIn(value: unknown, path: string): [string, Text][] {
  if (typeof value !== 'object' || value === null) return []
  if ('ar' in value && 'en' in value) return [[path, value as Text]] // strings, tested below
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, `${path}.${key}`))
}
const texts = textsIn({ ...modules, reasonTexts }, 'texts')

const placesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
const quotesIn = (text: string) => [...text.matchAll(/`[^`]*`/g)].map(String).sort()
/** What is left for the language itself. */
const bare = (text: string) => text.replaceAll(/`[^`]*`|\{\w+\}/g, '')
const acronyms = /\b(HTTP|TCP|DNS|TLS|ICMP|DNSSEC|DMARC|UTC|IPv6|NTP|YAML)\b/g

/** Words the product does not use, and what it says instead: as on the board. */
const banned: [RegExp, string][] = [
  [/البنية التحتية/, 'البنى الأساسية'],
  [/(^|\s)(ال|لل|و|ب)?جه(ة|ات)(\s|$|[.،:])/, 'مؤسسة'],
  [/داشبورد/, 'لوحة المؤشرات'],
  [/(^|\s)(ال)?شاهد(\s|$)/, 'نقطة رصد خارجية'],
  [/التمكين الرقمي/, 'البنى الأساسية الممكَّنة رقميًا'],
  [/[٠-٩]/, 'Latin digits'],
  [/dashboard/i, 'board'],
  [/[\u200e\u200f\u2066-\u2069]/, 'backticks'],
]

describe('the texts of the agent', () => {
  test('are all found', () => {
    expect(files.length).toBeGreaterThan(8)
    expect(texts.length).toBeGreaterThan(200)
  })

  test('exist in both languages, each in its own letters', () => {
    for (const [path, { ar, en }] of texts) {
      expect([typeof ar, typeof en, ar.trim(), en.trim()], path).toEqual([
        'string',
        'string',
        ar,
        en,
      ])
      if (/\p{Letter}/u.test(bare(en))) expect(bare(ar), path).toMatch(/\p{Script=Arabic}/u)
      expect(en, path).not.toMatch(/\p{Script=Arabic}/u)
      expect(bare(ar).replaceAll(acronyms, ''), path).not.toMatch(/[A-Za-z]/)
      expect(en, path).not.toBe('')
    }
  })

  test('have the same places for values', () => {
    for (const [path, { ar, en }] of texts) expect(placesIn(ar), path).toEqual(placesIn(en))
  })

  test('name the same commands, files and settings', () => {
    for (const [path, { ar, en }] of texts) {
      const missing = quotesIn(en).filter((quote) => !quotesIn(ar).includes(quote))
      expect(missing, path).toEqual([])
      expect(((ar.match(/`/g) ?? []).length + (en.match(/`/g) ?? []).length) % 2, path).toBe(0)
    }
  })

  test.each(banned)('none says %s', (word, instead) => {
    for (const [path, { ar, en }] of texts) {
      for (const text of [ar, en]) expect(text, `${path}: say ${instead}`).not.toMatch(word)
    }
  })

  test('states are those of the board; of reasons both have the same text', () => {
    for (const [name, { ar }] of Object.entries(stateTexts)) {
      expect(ar, name).toBe(board.stateTexts[name as keyof typeof stateTexts].ar)
    }
  })

  test.each([
    ['برنامج الرصد', 'agent'],
    ['المنصة المركزية', 'collector'],
    ['إيصال', 'receipt'],
  ])('the glossary stands: %s is the %s', (arabic, english) => {
    // Not of places in backticks, which are the same in both.
    const speaking = texts.filter(([, { en }]) =>
      new RegExp(`\\b${english}\\b`, 'i').test(bare(en)),
    )
    const share = speaking.filter(([, { ar }]) => ar.includes(arabic)).length / speaking.length
    expect(speaking.length).toBeGreaterThan(0)
    expect(share).toBeGreaterThan(0.7)
  })
})

/** Files with one thing wrong each: what is said of it has its Arabic. */
const head = 'apiVersion: istimrar.agent/v1\ncollector: https://c.example\nname: web-1\n'
const good = `${head}checks:\n  - { name: host, kind: host }\n`
const bad = [
  '',
  'a: b\n',
  head,
  `${head}checks: []\n`,
  `${head}checks: 7\n`,
  `${good}colour: red\n`,
  good.replace('web-1', 'Web 1'),
  good.replace('web-1', '7'),
  good.replace('https://c', 'http://c'),
  good.replace('https://c.example', 'https://c.example/path'),
  good.replace('v1', 'v2'),
  `${good}facts: { every: 5 }\n`,
  `${good}facts: { every: 5m }\n`,
  `${good}facts: { exclude: [disk] }\n`,
  `${good}metrics: { port: 70000 }\n`,
  `${good}metrics: { port: many }\n`,
  `${good}metrics: {}\n`,
  `${good}authorities: ''\n`,
  `${good}  - { name: host, kind: host }\n`,
  `${good}  - { name: x, kind: fly }\n`,
  `${good}  - { name: x }\n`,
  `${good}  - { name: x, kind: tcp, host: a.example }\n`,
  `${good}  - { name: x, kind: tcp, host: a.example, port: 0 }\n`,
  `${good}  - { name: x, kind: tcp, host: a.example, port: 22, interval: 1s }\n`,
  `${good}  - { name: x, kind: tcp, host: a.example, port: 22, interval: often }\n`,
  `${good}  - { name: x, kind: tcp, host: a.example, port: 22, timeout: 2h }\n`,
  `${good}  - { name: x, kind: http, url: 'http://169.254.169.254/' }\n`,
  `${good}  - { name: x, kind: http, url: 'https://a.example/', status: [abc] }\n`,
  `${good}  - { name: x, kind: http, url: 'https://a.example/', status: abc }\n`,
  `${good}  - { name: x, kind: disk, path: '' }\n`,
  `${good}  - { name: x, kind: disk, path: /, writable: perhaps }\n`,
  `${good}  - { name: x, kind: host, label: '${'x'.repeat(300)}' }\n`,
  `${good}  - { name: x, kind: host, label: "a\\u202eb" }\n`,
  'a: [1\n',
  'a:\n\tb: 1\n',
  'a: "C:\\data"\n',
  'a: "b\n',
  'a: @b\n',
  'a: b: c\n',
  'a\nb: 1\n',
  'a:\n    b: 1\n  c: 1\n',
  'a: 1\n---\nb: 1\n',
  'a: 1\n]\n',
  'a: 1\na: 2\n',
  'a: &b 1\n',
  'a: *b\n',
  'a: !!str 1\n',
  '%YAML 1.2\n---\na: 1\n',
  `a: ${'['.repeat(60)}\n`,
  'a: \ufffd\n',
  `a: ${'x'.repeat(1_100_000)}\n`,
]

describe('what is wrong with agent.yaml', () => {
  test.each(bad)('is said in Arabic: %j', (text) => {
    const { problems } = problemsOf(text)
    expect(problems.length).toBeGreaterThan(0)
    for (const { message } of problems) {
      expect(hasArabic(message), message).toBe(true)
      const arabic = problemIn('ar', message)
      // Latin is only what was isolated, but for the acronyms.
      const left = arabic.replaceAll(/[\u2066\u2068][^\u2069]*\u2069/g, '')
      expect(left.replaceAll(/UTF-8|YAML|%YAML|https:|true|false|label/g, '')).not.toMatch(
        /[A-Za-z]/,
      )
    }
  })

  test('whatever is no YAML is', () => {
    for (const fault of [...Object.values(syntaxFaults), notUnderstood]) {
      expect(hasArabic(`is not YAML: ${fault}`), fault).toBe(true)
    }
  })

  test('every kind of check can say in Arabic what its settings must be', () => {
    const messages = messagesIn(probes)
    expect(messages.length).toBeGreaterThan(5)
    for (const message of messages) expect(hasArabic(message), message).toBe(true)
  })

  test('an unknown sentence is shown as it is', () => {
    expect(hasArabic('flies away')).toBe(false)
    expect(hasArabic('must be a bird')).toBe(false)
    expect(problemIn('ar', 'must be a bird')).toBe('يجب أن يكون \u2066a bird\u2069')
    expect(problemIn('ar', 'flies away')).toBe('\u2066flies away\u2069')
  })
})

/** What the patterns of settings ask for, however deep. */
function messagesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'patternErrorMessage' ? [String(each)] : messagesIn(each),
  )
}

function problemsOf(text: string): DocumentError {
  try {
    readConfig(text, 'agent.yaml')
  } catch (error) {
    if (error instanceof DocumentError) return error
    throw error
  }
  throw new Error('Nothing is wrong with it.')
}
