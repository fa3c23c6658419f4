import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type JsonError, parseJson } from '../../protocol/json.ts'
import { jsonVectors } from '../support/vectors.ts'

const { valid, invalid } = jsonVectors()

test.each(valid)('reads %s', (text) => {
  expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text))
})

test.each(invalid)('refuses $name', ({ bytes, code }) => {
  expect(codeOf(bytes)).toBe(code)
})

test('reads what JSON.stringify writes, as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const ill = !JSON.stringify(JSON.parse(text)).isWellFormed() || /\\ud[89a-f]/i.test(text)
      fc.pre(!ill)
      expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text))
    }),
  )
})

test('takes a text for the same however it is spelled', () => {
  const key = fc.constantFrom('a', 'b', '__proto__', '1', 'é')
  const leaf = fc.oneof(fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.string())
  const value = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 9 }, leaf, fc.array(tie('node')), fc.dictionary(key, tie('node'))),
  })).node
  const duplicated = fc.constantFrom(
    '{"a":1,"a":1}',
    '[-0]',
    '[1e400]',
    '9007199254740993',
    '"\\ud800"',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        value.map((each) => JSON.stringify(each)),
        duplicated,
      ),
      (text) => {
        // A space before it sends it the long way.
        expect(outcome(text)).toEqual(outcome(` ${text}`))
      },
    ),
  )
})

test('never answers anything but a value or a JsonError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(['value', 'encoding', 'syntax', 'number', 'duplicate_key', 'depth']).toContain(
        codeOf(bytes),
      )
    }),
  )
})

function codeOf(bytes: Uint8Array): string {
  try {
    parseJson(bytes)
    return 'value'
  } catch (error) {
    return (error as JsonError).code
  }
}

function outcome(text: string): unknown {
  try {
    return { value: parseJson(Buffer.from(text)) }
  } catch (error) {
    return (error as JsonError).code
  }
}
