import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appCode } from '../support/accounts.ts'
import { launchBrowser, openPage, overflow } from '../support/browser.ts'
import { openTestCollector, TestClock, type TestCollector } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { mustSkip } from '../support/programs.ts'

const password = 'seven small brown horses'

describe.skipIf(mustSkip('chromium'))('an invitation in Chromium', () => {
  const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
  let folder: ReturnType<typeof temporaryFolder>
  let collector: TestCollector
  let browser: Browser
  let base: string

  beforeAll(async () => {
    folder = temporaryFolder()
    collector = await openTestCollector(folder.path, clock)
    await collector.evaluate()
    base = await collector.app.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await collector.close()
    folder[Symbol.dispose]()
  })

  test.each(['ar', 'en'] as const)(
    'leads by password and second factor to the board, in %s',
    async (language) => {
      const grant = { id: `maryam-${language}`, role: 'ministry', why: 'joined the team' }
      const made = await collector.ask('/api/v1/accounts', grant)
      expect(made.status).toBe(201)
      const { link } = made.json() as { link: { path: string } }
      const context = await browser.newContext({ locale: language === 'ar' ? 'ar-OM' : 'en-GB' })
      const { page, problems } = await openPage(context)
      await page.setViewportSize({ width: 390, height: 800 })
      await page.goto(base + link.path)
      await page.locator('#password').fill(password)
      expect(page.url()).not.toContain('#')
      expect(await page.getAttribute('html', 'lang')).toBe(language)
      await page.locator('#repeat').fill(password)
      await page.locator('form.login button').click()
      await page.locator('svg.qr').waitFor()
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      const secret = (await page.locator('code.hash').innerText()).replaceAll(' ', '')
      await page.locator('#digits').fill(appCode(secret, clock.at))
      await page.locator('form.login button').click()
      await page.locator('nav.pages').waitFor()
      expect(new URL(page.url()).pathname).toMatch(new RegExp(`^/${language}(/|$)`))
      await page.locator('.tools a[href$="/account"]').click()
      await page.locator('#sessions').waitFor()
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      expect(problems).toEqual([])
      await context.close()
    },
  )
})
