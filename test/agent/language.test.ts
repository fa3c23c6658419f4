import { expect, test } from 'vitest'
import { table, widthOf } from '../../agent/cli/table.ts'
import { isolated, languageOf, said, say } from '../../agent/language.ts'

test.each([
  ['English unless told', ['status'], {}, 'en', ['status']],
  ['by option, before the command', ['--lang', 'ar', 'status'], {}, 'ar', ['status']],
  [
    'by option, behind it',
    ['status', '--dir', 'x', '--lang=ar'],
    {},
    'ar',
    ['status', '--dir', 'x'],
  ],
  ['by LANG', [], { LANG: 'ar_OM.UTF-8' }, 'ar', []],
  ['LC_MESSAGES before LANG', [], { LC_MESSAGES: 'en_GB.UTF-8', LANG: 'ar_OM.UTF-8' }, 'en', []],
  ['LC_ALL before both', [], { LC_ALL: 'ar', LC_MESSAGES: 'C', LANG: 'C' }, 'ar', []],
  ['an empty one does not count', [], { LC_ALL: '', LANG: 'ar' }, 'ar', []],
  ['the option before the system', ['--lang', 'en'], { LANG: 'ar' }, 'en', []],
  ['the last option counts', ['--lang', 'en', '--lang', 'ar'], {}, 'ar', []],
  ['another language is English', [], { LANG: 'fr_FR.UTF-8' }, 'en', []],
])('%s', (_name, given, environment, language, args) => {
  expect(languageOf(given, environment)).toEqual({ language, args })
})

test.each([[['--lang', 'fr']], [['--lang']], [['--lang=']]])('%j is refused', (given) => {
  expect(() => languageOf(given, {})).toThrow('--lang takes ar or en.')
})

const lri = '\u2066'
const fsi = '\u2068'
const pdi = '\u2069'
const text = {
  ar: 'نفّذ `agent run {file}` على {host}',
  en: 'On {host}: `agent run {file}`',
} as const

test('Latin within Arabic is isolated, a command as a whole', () => {
  const values = { file: '/a b', host: 'web-1' }
  expect(say(text, 'ar', values)).toBe(`نفّذ ${lri}agent run /a b${pdi} على ${lri}web-1${pdi}`)
  expect(say(text, 'en', values)).toBe('On web-1: agent run /a b')
})

test.each([
  ['web-1', `${lri}web-1${pdi}`],
  ['7', `${lri}7${pdi}`],
  ['خادم web-1', `${fsi}خادم web-1${pdi}`],
  ['خادم', 'خادم'],
  ['-', '-'],
  ['a\n\nb', `${lri}a${pdi}\n\n${lri}b${pdi}`],
])('isolated: %j', (value, expected) => {
  expect(isolated(value)).toBe(expected)
})

test('a text within a text is in the same language', () => {
  const inner = said({ ar: 'قرص', en: 'a disk' })
  const outer = { ar: 'وجد {what}', en: 'found {what}' } as const
  expect(say(outer, 'ar', { what: inner })).toBe('وجد قرص')
  expect(say(outer, 'en', { what: inner })).toBe('found a disk')
})

test('columns are in the order they are read, and meet', () => {
  const rows = [
    ['المنصة المركزية', `${lri}https://c.example${pdi}`, 'أ'],
    ['الوضعُ', 'يرصد', 'ب'],
  ]
  const lines = table(rows, '  ').split('\n')
  for (const [i, [first = '', second = '', third = '']] of rows.entries()) {
    const line = lines[i] ?? ''
    const places = [first, second, third].map((cell) => line.indexOf(cell))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBe(2)
  }
  const thirds = rows.map(([, , third = ''], i) => widthOf(lines[i]?.split(third)[0] ?? ''))
  expect(new Set(thirds).size).toBe(1)
  expect(widthOf('الوضعُ')).toBe(5)
  expect(widthOf(`${lri}ab${pdi}`)).toBe(2)
})
