import { describe, expect, test } from 'vitest'
import type { Role } from '../../collector/people/accounts.ts'
import { languages } from '../../collector/web/language.ts'
import { fullBoardBrowser } from '../support/full-board-browser.ts'
import { lookAtPrint } from '../support/printed.ts'
import { mustSkip } from '../support/programs.ts'

/** What people print, as who sees most of it. */
const printed: readonly (readonly [role: Role, path: string])[] = [
  ['evaluator', '/inbox'],
  ['ministry', ''],
  ['ministry', '/institutions/roads'],
  ['institution', '/institutions/roads/environments/portal'],
  ['ministry', '/readiness'],
  ['ministry', '/institutions/roads/readiness'],
  ['ministry', '/migration'],
  ['ministry', '/institutions/roads/migration'],
  ['ministry', '/cycles'],
  ['ministry', '/log'],
]

const cannot = mustSkip('chromium') || mustSkip('pdftotext') || mustSkip('pdftoppm')

describe.skipIf(cannot)('on paper', () => {
  const opened = fullBoardBrowser()

  async function open(role: Role, url: string, fault = '') {
    const page = await (await opened.contextOf(role)).newPage()
    await page.route('**/*.css', async (route) => {
      const answer = await route.fetch()
      const faults = `@media print { ${fault} }`
      await route.fulfill({ response: answer, body: (await answer.text()) + faults })
    })
    await page.goto(opened.board.base + url)
    return page
  }

  test.each(languages)(
    'every page fits its sheets, and breaks where it may, in %s',
    async (language) => {
      const problems: string[] = []
      for (const [role, path] of printed) {
        const page = await open(role, `/${language}${path}`)
        const file = opened.file(`${language}.pdf`)
        problems.push(...(await lookAtPrint(page, file)).map((each) => `${path}: ${each}`))
        await page.context().close()
      }
      expect(problems).toEqual([])
    },
  )

  const one = '/institutions/roads'
  test.each([
    [
      'a table too wide',
      one,
      '.scroll table { min-inline-size: 70rem !important }',
      /edge|smaller/,
    ],
    ['a row cut', '/log', 'tr { break-inside: auto } td { line-height: 30mm }', /row \w+ is cut/],
    ['a table without its head', '/log', 'thead { display: table-row-group }', /no head on sheet/],
    ['a heading left behind', one, '.scroll { break-before: page }', /heading \w+ is cut/],
    [
      'a card cut',
      one,
      '.card { break-inside: auto !important } .card > * { padding-block-end: 90mm }',
      /card \w+ is cut/,
    ],
    ['a line in the margin', one, 'header { margin-inline-start: -9mm }', /margin|edge/],
    ['a way to other pages', one, '.pages { display: block }', /a way to others/],
  ])('%s would be seen', async (_name, path, fault, expected) => {
    const page = await open('ministry', `/en${path}`, fault)
    const problems = await lookAtPrint(page, opened.file('fault.pdf'))
    expect(problems.join('\n')).toMatch(expected)
    await page.context().close()
  })
})
