import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Role } from '../../collector/people/accounts.ts'
import { languages } from '../../collector/web/language.ts'
import { fullBoardBrowser } from '../support/full-board-browser.ts'
import { mustSkip } from '../support/programs.ts'
import { walkForms } from '../support/walk-forms.ts'

describe.skipIf(mustSkip('chromium'))('by keyboard alone', () => {
  const opened = fullBoardBrowser()

  async function pageOf(role: Role): Promise<Page> {
    const viewport = { width: 1280, height: 900 }
    return (await opened.contextOf(role, { viewport })).newPage()
  }

  test.each(languages)(
    'every form of the board is reached, seen, left and sent, in %s',
    async (language) => {
      const problems: string[] = []
      const walked: string[] = []
      const pages = opened.board.pages()
      for (const role of new Set(pages.map((each) => each.role!))) {
        const page = await pageOf(role)
        for (const { path } of pages.filter((each) => each.role === role)) {
          await page.goto(`${opened.board.base}/${language}${path}`)
          if ((await page.locator('main form').count()) === 0) continue
          const found = await walkForms(page)
          walked.push(`${role} ${path}: ${found.stops}`)
          problems.push(...found.problems.map((each) => `${role} ${path}: ${each}`))
        }
        await page.context().close()
      }
      expect(problems).toEqual([])
      expect(walked.length).toBeGreaterThan(12)
    },
  )

  test.each([
    ['is never reached', `label.tabIndex = -1`, /stop \d+ is .* instead of input label/],
    ['shows no focus', `label.id = 'skip'; label.className = 'bare'`, /shows no focus: input skip/],
    ['stands before', `days.closest('p').className = 'first'`, /is read before .*: input days/],
    ['holds the focus', `label.onblur = () => label.focus()`, /stop \d+ is never reached/],
    ['does not open', `label.closest('details').ontoggle = (e) => e.target.open = false`, /open/],
    ['does not send', `label.form.lastElementChild.onclick = () => false`, /does not send button/],
  ])('what %s would be noticed', async (_name, fault, expected) => {
    const page = await pageOf('institution')
    await page.route('**/*.css', async (route) => {
      const answer = await route.fetch()
      const faults = '.bare { outline: none !important } .act .first { order: -1 }'
      await route.fulfill({ response: answer, body: (await answer.text()) + faults })
    })
    await page.goto(`${opened.board.base}/en/account`)
    await page.evaluate(`(() => {
      const label = document.querySelector('#label')
      const days = document.querySelector('#days')
      ${fault}
    })()`)
    expect((await walkForms(page)).problems.join('\n')).toMatch(expected)
    await page.context().close()
  })
})
