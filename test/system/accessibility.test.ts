import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { languages } from '../../collector/web/language.ts'
import { openPage, overflow } from '../support/browser.ts'
import type { BoardPage } from '../support/full-board.ts'
import { fullBoardBrowser } from '../support/full-board-browser.ts'
import { mustSkip } from '../support/programs.ts'

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)
/** Of WCAG 2.2 AA. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** What no rule of WCAG asks for, but a page should have; looked at where it is cheap. */
const good = 'best-practice'
/** What the colours of a page, and its width, can change; all else is looked at once. */
const contrast = ['color-contrast', 'link-in-text-block']
const sizes = [
  'target-size',
  'scrollable-region-focusable',
  'aria-hidden-focus',
  'list',
  'listitem',
]

type Asked = { readonly type: 'tag' | 'rule'; readonly values: readonly string[] }

describe.skipIf(mustSkip('chromium'))('every page of the board', () => {
  const suite = fullBoardBrowser()

  test.concurrent.each(languages)(
    'keeps to WCAG 2.2 AA in %s, and to the strict CSP',
    async (language) => {
      const pages: BoardPage[] = [
        ...suite.board.publicPages().map((path) => ({ role: null, path })),
        // In one language as each role sees them: words are all that differs in the other.
        ...suite.board.pages().filter(({ path }, i, all) => {
          return language === 'ar' || all.findIndex((each) => each.path === path) === i
        }),
      ]
      expect(pages.length).toBeGreaterThan(25)
      const problems: string[] = []
      const wishes = new Set<string>()
      for (const role of new Set(pages.map((each) => each.role))) {
        const context = await suite.contextOf(role, {
          locale: language === 'ar' ? 'ar-OM' : 'en-GB',
        })
        const opened = await openPage(context)
        await context.addInitScript(tellOfViolations)
        for (const { path } of pages.filter((each) => each.role === role)) {
          const { page } = opened
          const url = role === null ? path : `/${language}${path}`
          await page.setViewportSize({ width: 1280, height: 900 })
          await page.emulateMedia({ colorScheme: 'light' })
          const answer = await page.goto(suite.board.base + url)
          const expected = path.endsWith('/nowhere') ? 404 : 200
          const name = `${role ?? 'nobody'} ${url}`
          if (answer?.status() !== expected) problems.push(`${name}: ${answer?.status()}`)
          const found = opened.problems
            .splice(0)
            .filter((each) => expected === 200 || !/404/.test(each))
          problems.push(...found.map((each) => `${name}: ${each}`))
          const [violations, advice] = await lookAt(page)
          problems.push(...violations.map((each) => `${name} ${each}`))
          for (const each of advice) wishes.add(`${name} ${each}`)
        }
        await context.close()
      }
      // Not asked for by WCAG: told, and no failure.
      if (wishes.size > 0) console.info([...wishes].join('\n'))
      expect(problems).toEqual([])
    },
  )

  test.each(languages)('so do the steps into the board, in %s', async (language) => {
    const context = await suite.contextOf(null, { locale: language === 'ar' ? 'ar-OM' : 'en-GB' })
    const { page, problems } = await openPage(context)
    await context.addInitScript(tellOfViolations)
    const sound = async () => {
      expect((await lookAt(page))[0]).toEqual([])
      await page.setViewportSize({ width: 1280, height: 900 })
    }
    // The script sends the code that stands behind `#`.
    await page.goto(suite.board.base + suite.board.invitation)
    await page.locator('#repeat').waitFor()
    await sound()
    const enter = async (repeat: string) => {
      await page.fill('#password', 'seven green lanterns')
      await page.fill('#repeat', repeat)
      await page.locator('form.login button').click()
    }
    await enter('another one altogether')
    await page.getByRole('alert').waitFor()
    const told = await page.evaluate<string>(
      `[...document.querySelectorAll('[aria-invalid=true]')].map((field) =>
        document.getElementById(field.getAttribute('aria-describedby')?.split(' ')[0])?.role).join()`,
    )
    expect(told).toContain('alert')
    await sound()
    if (language === 'en') {
      await enter('seven green lanterns')
      await page.locator('.qr').waitFor()
      await sound()
      await page.fill('[name=digits]', '000000')
      await page.locator('form.login button').click()
      await page.getByRole('alert').waitFor()
      await sound()
    }
    expect(problems.filter((each) => !/40[01]|422/.test(each))).toEqual([])
    await context.close()
  })

  test('what is wrong would be seen', async () => {
    const context = await suite.contextOf('ministry', { locale: 'en-GB' })
    const { page, problems } = await openPage(context)
    await context.addInitScript(tellOfViolations)
    await page.goto(`${suite.board.base}/en/register`)
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
      '<p style="color: red"><img src="/assets/none.png"><input></p>')`)
    const [violations] = await lookAt(page)
    expect(violations.join()).toMatch(/image-alt.*label/)
    expect(problems.join()).toContain('CSP: style-src-attr')
    await context.close()
  })
})

/** Runs in the page before all else: what the policy stops becomes an error on the console. */
const tellOfViolations = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI)
})`

/** What is wrong with a page in both widths and both schemes, and what could be better. */
async function lookAt(page: Page): Promise<[violations: string[], advice: string[]]> {
  await page.evaluate('document.querySelectorAll("details").forEach((e) => { e.open = true })')
  await page.evaluate(axeSource)
  const { lang, dir } = await page.evaluate<{ lang: string; dir: string }>(
    '({ lang: document.documentElement.lang, dir: document.documentElement.dir })',
  )
  const problems = dir === (lang === 'ar' ? 'rtl' : 'ltr') ? [] : [`direction: ${lang} ${dir}`]
  const wide = await run(page, { type: 'tag', values: [...tags, good] })
  const isRule = (each: AxeResults['violations'][number]) =>
    each.tags.some((tag) => tags.includes(tag))
  problems.push(...told('light', wide.filter(isRule)))
  // Words change no colour.
  if (lang === 'ar') await page.emulateMedia({ colorScheme: 'dark' })
  if (lang === 'ar')
    problems.push(...told('dark', await run(page, { type: 'rule', values: contrast })))
  await page.setViewportSize({ width: 390, height: 844 })
  problems.push(...told('390 px', await run(page, { type: 'rule', values: sizes })))
  const over = await overflow(page)
  if (over > 0) problems.push(`390 px: ${over} px too wide`)
  return [
    problems,
    told(
      'advice',
      wide.filter((each) => !isRule(each)),
    ),
  ]
}

async function run(page: Page, runOnly: Asked): Promise<AxeResults['violations']> {
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] })
  return page.evaluate(`axe.run(document, ${options}).then(({ violations }) => violations)`)
}

function told(where: string, violations: AxeResults['violations']): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, any }) => {
      return `${where} ${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`
    }),
  )
}
