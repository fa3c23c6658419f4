import fc from 'fast-check'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { DocumentError, documentLimits, readDocument } from '../../protocol/document.ts'
import { explain } from '../../protocol/explain.ts'
import { displayText, Id } from '../../protocol/schema.ts'

const closed = { additionalProperties: false } as const

const Rule = Type.Cyclic(
  {
    Rule: Type.Union([
      Type.String({ pattern: '^[a-z]+$', patternErrorMessage: 'must be small letters' }),
      Type.Object({ all: Type.Array(Type.Ref('Rule'), { minItems: 1 }) }, closed),
      Type.Object(
        {
          atLeast: Type.Integer({ minimum: 1 }),
          of: Type.Array(Type.Ref('Rule'), { uniqueItems: true }),
        },
        closed,
      ),
    ]),
  },
  'Rule',
)

const Example = Type.Object(
  {
    id: Type.Optional(Id),
    label: Type.Optional(displayText(5)),
    mode: Type.Optional(Type.Enum(['fast', 'slow'])),
    share: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    on: Type.Optional(Type.Boolean()),
    when: Type.Optional(
      Type.Union([Type.Literal('always'), Type.Array(Type.Integer(), { maxItems: 2 })]),
    ),
    checks: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Object({ kind: Type.Literal('http'), url: Type.String() }, closed),
          Type.Object(
            { kind: Type.Literal('tcp'), port: Type.Integer({ minimum: 1, maximum: 65_535 }) },
            closed,
          ),
        ]),
      ),
    ),
    tags: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Integer(), {
        ...closed,
        maxProperties: 2,
      }),
    ),
    rule: Type.Optional(Rule),
  },
  closed,
)

function read(text: string) {
  return readDocument(text, 'f.yaml', Example)
}

function problemsOf(text: string): string {
  try {
    read(text)
  } catch (error) {
    if (error instanceof DocumentError) return error.message
    throw error
  }
  return ''
}

test('a file that fits is its value', () => {
  const text = 'id: a-1\nwhen: [1, 2]\nchecks:\n- { kind: tcp, port: 80 }\nrule: { all: [a, b] }\n'
  expect(read(text).value).toEqual({
    id: 'a-1',
    when: [1, 2],
    checks: [{ kind: 'tcp', port: 80 }],
    rule: { all: ['a', 'b'] },
  })
})

test.each([
  ['unknown setting', 'on: true\noff: 1', ['2: off: unknown setting "off"; allowed: id, label, ']],
  ['text that is a number', 'id: 7', ['1: id: must be text; write it in quotes']],
  ['text that is nothing', 'id:', ['1: id: must be text']],
  ['an id', 'id: A_b', ['1: id: must be an id: small letters, digits and hyphens']],
  ['empty text', "label: ''", ['1: label: must not be empty']],
  ['long text', 'label: abcdef', ['1: label: must have at most 5 characters, not 6']],
  ['hidden characters', 'label: "a\\u200b"', ['1: label: must be plain text without hidden']],
  ['one of a few', 'mode: quick', ['1: mode: must be one of fast, slow']],
  ['number out of range', 'share: 1.5', ['1: share: must be a number from 0 to 1, not 1.5']],
  ['no number at all', 'share: .nan', ['1: share: must be a number from 0 to 1']],
  ['infinite', 'share: 1e999', ['1: share: must be a number from 0 to 1']],
  ['yes is no boolean', 'on: yes', ['1: on: must be true or false']],
  ['no branch of a union', 'when: never', ['1: when: must be "always" or a list']],
  ['the branch meant', 'when: [1, x]', ['1: when[1]: must be a whole number']],
  ['too many', 'when: [1, 2, 3]', ['1: when: must have at most 2 entries, not 3']],
  [
    'kind decides',
    'checks:\n- kind: tcp\n  port: 0',
    ['3: checks[0].port: must be a whole number f'],
  ],
  ['unknown kind', 'checks:\n\n- kind: ftp', ['3: checks[0].kind: must be one of http, tcp']],
  ['no kind', 'checks:\n- url: x', ['2: checks[0]: missing "kind" (http, tcp)']],
  ['a name', 'tags:\n  A: 1', ['2: tags.A: the name "A" is not allowed; it must match ^[a-z]+$']],
  [
    '__proto__',
    'tags:\n  __proto__: 1',
    ['2: tags.__proto__: the name "__proto__" is not allowed'],
  ],
  ['constructor', 'constructor: 1', ['1: constructor: unknown setting "constructor"']],
  ['recursion', 'rule:\n  all:\n  - a\n  - B', ['4: rule.all[1]: must be small letters']],
  ['missing', 'rule:\n  atLeast: 2', ['1: rule: missing "of"']],
  ['twice', 'rule: { atLeast: 1, of: [a, a] }', ['1: rule.of[1]: is listed twice']],
  ['none meant', 'rule: { any: [a] }', ['1: rule: must be text or settings (all) or settings (']],
  ['empty list', 'rule: { all: [] }', ['1: rule.all: must have at least 1 entry']],
  ['not settings', '- 1', ['1: must be settings (id, label, ']],
  ['empty file', '', ['1: must be settings (id, label, ']],
  ['all at once', 'on: 1\nid: 1\nmode: 1', ['1: on: ', '2: id: ', '3: mode: ']],
  ['duplicate', 'on: true\nid: a\non: false\nx: 1', ['3: setting "on" appears twice', '4: x: ']],
  ['syntax', 'on: true\nid: [a\nmode: fast', ['3: is not YAML: ']],
  ['tab', 'tags:\n\ta: 1', ['2: is not YAML: lines are indented with spaces, not with tabs']],
  ['two documents', 'on: true\n---\non: true', ['2: is not YAML: ']],
  ['key that is a list', '[a]: 1', ['1: is not YAML: ']],
  [
    'anchor and alias',
    'id: &x a\nlabel: *x',
    ['1: must not use an anchor', '2: must not use an al'],
  ],
  ['alias of nothing', 'id: *x', ['1: must not use an alias (*)']],
  ['tag', 'id: !!str a\nlabel: !x b', ['1: must not use a tag (!)', '2: must not use a tag (!)']],
  ['other encoding', 'on: true\nlabel: \ufffd\ufffd', ['2: must be saved as UTF-8']],
  ['directive', '%YAML 1.1\n---\non: yes', ['1: must have no %YAML line']],
])('%s', (_name, text, expected) => {
  const lines = problemsOf(text).split('\n')
  expect(lines).toEqual(expected.map((start) => expect.stringContaining(`f.yaml:${start}`)))
})

test('a file that is too large is not parsed', () => {
  expect(problemsOf(`# ${'é'.repeat(documentLimits.bytesMax / 2)}`)).toBe(
    'f.yaml: must be at most 1048576 bytes',
  )
})

test.each([
  ['flow', '['.repeat(500_000)],
  ['block', `${'- '.repeat(500_000)}a`],
  ['mappings', '{a: '.repeat(200_000)],
])('nesting without end is refused before it is composed: %s', (_name, text) => {
  expect(problemsOf(`on: true\nx:\n  ${text}`)).toBe('f.yaml:3: nests too deeply')
})

test('the reader stops after a fixed number of problems and says so', () => {
  const error = problemsOf(Array.from({ length: 5_000 }, (_, i) => `x${i}: 1`).join('\n'))
  const lines = error.split('\n')
  expect(lines).toHaveLength(documentLimits.problemsMax + 1)
  expect(lines.at(-1)).toBe('There may be more; correct these first.')
})

test('what a user wrote is shortened and escaped in messages', () => {
  expect(problemsOf(`"\\e[31m${'x'.repeat(500)}": 1`)).toMatch(/unknown setting "\\u001b\[31mx+…";/)
})

test('problem() finds the line of a path, or of the nearest parent there is', () => {
  const document = read('on: true\nchecks:\n- kind: tcp\n  port: 1\n- kind: tcp\n  port: 2\n')
  const lineOf = (...path: (string | number)[]) => document.problem(path, 'x').line
  expect(lineOf('on')).toBe(1)
  expect(lineOf('checks')).toBe(2)
  expect(lineOf('checks', 0)).toBe(3)
  expect(lineOf('checks', 1, 'port')).toBe(6)
  expect(lineOf('checks', 1, 'host')).toBe(5)
  expect(lineOf('checks', 7, 'port')).toBe(2)
  expect(lineOf('missing')).toBe(1)
  expect(document.problem(['checks', 1, 'port'], 'is taken')).toEqual({
    file: 'f.yaml',
    line: 6,
    path: 'checks[1].port',
    message: 'is taken',
  })
})

test('a schema with a keyword that would not be checked is a bug', () => {
  const schema = Type.Object({ id: Type.String({ format: 'email' }) })
  expect(() => readDocument('id: a', 'f.yaml', schema)).toThrow('explain() does not know format.')
})

test('explain() finds a problem exactly where the validator of schemas refuses', () => {
  const validator = Compile(Example)
  const leaf = fc.constantFrom('a', 'A', 'always', 'fast', 'http', 'tcp', '', 0, 1, 0.5, true, null)
  const name = fc.constantFrom(
    ...Object.keys(Example.properties),
    'kind',
    'url',
    'port',
    'all',
    'of',
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
      fc.record({ atLeast: leaf, of: fc.array(tie('value'), { maxLength: 3 }) }),
    ),
  }))
  const anything = fc.oneof(value, fc.dictionary(name, value, { maxKeys: 3 }))
  let valid = 0
  fc.assert(
    fc.property(anything, (candidate) => {
      const accepted = validator.Check(candidate)
      if (accepted) valid++
      expect([...explain(Example, candidate)].length === 0).toBe(accepted)
    }),
    { numRuns: 3_000 },
  )
  expect(valid).toBeGreaterThan(50)
})
