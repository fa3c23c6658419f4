import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { indicators, missingReasons } from '../../../protocol/indicators.ts'

const text = readFileSync(new URL('../../../docs/facts.md', import.meta.url), 'utf8')

/** The cells of each row whose first one is a name. */
function rowsOf(section: string): string[][] {
  const part = text.slice(text.indexOf(`## ${section}\n`)).split('\n## ')[0] ?? ''
  return [...part.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) => row.split(' | '))
}

test('docs/facts.md has a row for each indicator, with its unit', () => {
  const told = rowsOf('Indicators').map(([name = '', unit]) => [name.slice(1, -1), unit])
  expect(Object.fromEntries(told)).toEqual(indicators)
  expect(told).toHaveLength(Object.keys(indicators).length)
})

test('each row tells both ways, the permission and when it does not apply', () => {
  for (const cells of rowsOf('Indicators')) {
    expect(
      cells.map((cell) => cell.trim()),
      cells[0],
    ).toHaveLength(6)
    expect(
      cells.every((cell) => cell.trim() !== ''),
      cells[0],
    ).toBe(true)
  }
})

test('docs/facts.md explains each reason', () => {
  const told = rowsOf('Reasons').map(([name = '', means = '']) => [
    name.slice(1, -1),
    means.startsWith('does not apply: ') ? 'not_applicable' : 'cannot_measure',
  ])
  expect(Object.fromEntries(told)).toEqual(missingReasons)
})
