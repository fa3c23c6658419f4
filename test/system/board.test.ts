import Fastify, { type FastifyInstance } from 'fastify'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { boardRoutes } from '../../collector/http/board.ts'
import type { Account } from '../../collector/people/accounts.ts'
import { minuteMs } from '../../protocol/time.ts'
import {
  contrastProblems,
  launchBrowser,
  openPage,
  overflow,
  tabStops,
} from '../support/browser.ts'
import { mustSkip } from '../support/programs.ts'
import { sampleDeclarations } from '../support/sample-declarations.ts'
import { sampleDisputes, sampleInbox } from '../support/sample-disputes.ts'
import { asOf } from '../support/sample-figures.ts'
import { sampleMaintenance } from '../support/sample-maintenance.ts'
import { sampleMigration } from '../support/sample-migration.ts'
import { sampleMigrationActs } from '../support/sample-migration-acts.ts'
import { samplePublished } from '../support/sample-published.ts'
import { draftSnapshot } from '../support/sample-readiness.ts'
import { sampleSessions } from '../support/sample-sessions.ts'
import { sampleSnapshot } from '../support/sample-snapshot.ts'
import { sampleViews } from '../support/sample-views.ts'

const ministry: Account = { id: 'ministry-1', role: 'ministry' }
const owner: Account = { id: 'salma-it', role: 'institution', institution: 'services-authority' }
const admin: Account = { id: 'amal', role: 'admin' }
/** With a draft of a model and with a migration. */
const fullSnapshot = { ...draftSnapshot, migration: sampleMigration }
const environment = '/institutions/services-authority/environments/portal'
const pages = {
  nation: '',
  lost: `${environment}/lost`,
  institution: '/institutions/services-authority',
  environment,
  'environment not assessed': '/institutions/services-authority/environments/ministry-link',
  check: `${environment}/checks/web-1/payment`,
  readiness: '/readiness',
  'readiness of an institution': '/institutions/services-authority/readiness',
  declarations: '/declarations',
  declared: '/institutions/services-authority/declarations',
  trend: '/readiness/trend',
  'trend of an institution': '/institutions/services-authority/readiness/trend',
  programme: '/programme',
  'workloads of an institution': '/institutions/services-authority/migration/workloads',
  'import of workloads': '/institutions/services-authority/migration/import',
  'roadmap of an institution': '/institutions/services-authority/migration/roadmap',
  migration: '/migration',
  'migration of an institution': '/institutions/services-authority/migration',
}

describe.skipIf(mustSkip('chromium'))('the board in Chromium', () => {
  let browser: Browser
  let app: FastifyInstance
  let base: string
  let context: BrowserContext
  let now = asOf

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  async function serve(views = sampleViews(fullSnapshot), account = ministry): Promise<void> {
    app = Fastify({ forceCloseConnections: true })
    const sessions = sampleSessions('code', 'secret', account)
    const maintenance = await sampleMaintenance(() => now, true)
    const disputes = await sampleDisputes(() => now, true)
    const declarations = await sampleDeclarations(() => now, true)
    const acts = await sampleMigrationActs(() => now, true)
    const asked = { maintenance, disputes, declarations, ...acts }
    const people = { ...asked, inbox: sampleInbox(asked) }
    const published = await samplePublished()
    await app.register(boardRoutes(views, sessions, people, () => now, null, published))
    base = await app.listen({ port: 0, host: '127.0.0.1' })
  }
  beforeEach(async () => {
    now = asOf + 12 * minuteMs
    await serve()
  })
  afterEach(async () => {
    await context.close()
    await app.close()
  })

  /** A page of somebody who is signed in already. */
  async function signedIn(options: BrowserContextOptions = {}) {
    context = await browser.newContext({ locale: 'en-GB', ...options })
    await context.addCookies([{ name: 'session', value: 'secret', url: base }])
    return openPage(context)
  }

  describe.each(['ar', 'en'] as const)('in %s', (language) => {
    test.each(Object.entries(pages))('%s is sound on every screen', async (_name, path) => {
      const { page, problems, hosts } = await signedIn()
      for (const [width, height] of [
        [320, 640],
        [360, 740],
        [768, 1024],
        [1440, 900],
        [1920, 1080],
      ] as const) {
        await page.setViewportSize({ width, height })
        const answer = await page.goto(`${base}/${language}${path}`)
        expect(answer?.status()).toBe(200)
        await page.evaluate(
          'document.querySelectorAll("details").forEach((e) => { e.open = true })',
        )
        expect(await overflow(page), `${width} px`).toBeLessThanOrEqual(0)
      }
      expect(await page.getAttribute('html', 'lang')).toBe(language)
      expect(await page.evaluate('getComputedStyle(document.body).direction')).toBe(
        language === 'ar' ? 'rtl' : 'ltr',
      )
      await page.evaluate('document.fonts.ready')
      const fonts = '[...document.fonts].filter((font) => font.status === "loaded").length'
      expect(await page.evaluate(fonts)).toBeGreaterThanOrEqual(language === 'ar' ? 4 : 2)
      expect(problems).toEqual([])
      expect([...hosts]).toEqual([new URL(base).host])
    })

    test.each(['light', 'dark'] as const)('texts can be read on %s', async (colorScheme) => {
      const { page } = await signedIn({ colorScheme })
      for (const path of Object.values(pages)) {
        await page.goto(`${base}/${language}${path}`)
        await page.evaluate(
          'document.querySelectorAll("details").forEach((e) => { e.open = true })',
        )
        expect(await contrastProblems(page)).toEqual([])
      }
    })
  })

  test('the address with a code signs in and leaves no code behind', async () => {
    context = await browser.newContext({ locale: 'en-GB' })
    const { page, problems } = await openPage(context)
    await page.goto(`${base}/login#code`)
    await page.waitForURL(`${base}/en`)
    const session = (await context.cookies()).find(({ name }) => name === 'session')
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict', value: 'secret' })
    await page.goBack()
    expect(page.url()).not.toContain('#')
    await page.goto(`${base}/en`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${base}/login`)
    await page.goto(`${base}/en`)
    expect(page.url()).toBe(`${base}/login`)
    expect(problems).toEqual([])
  })

  test('without script one pastes the code, and is told when it is wrong', async () => {
    context = await browser.newContext({ locale: 'ar-OM', javaScriptEnabled: false })
    const { page } = await openPage(context)
    await page.goto(`${base}/ar`)
    expect(page.url()).toBe(`${base}/login`)
    const form = page.getByRole('region', { name: 'الدخول برمز لمرة واحدة' })
    await form.getByLabel('رمز الدخول').fill('wrong')
    await form.getByRole('button', { name: 'دخول' }).click()
    await page.getByRole('alert').getByText('الرمز غير صحيح').waitFor()
    await form.getByLabel('رمز الدخول').fill(' code ')
    await form.getByRole('button', { name: 'دخول' }).click()
    await page.waitForURL(`${base}/ar`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('نسبة استمرار')
  })

  test('one walks from the nation to a check; the language switch keeps the place', async () => {
    const { page, problems } = await signedIn()
    await page.goto(base)
    const rows = page.getByRole('rowheader')
    await rows.getByRole('link', { name: 'Authority for Municipal Services' }).click()
    await rows.getByRole('link', { name: 'Electronic services portal' }).click()
    await page.getByRole('link', { name: 'Payment gateway' }).click()
    expect(new URL(page.url()).pathname).toBe(`/en${pages.check}`)
    await page.getByRole('link', { name: 'العربية' }).click()
    expect(new URL(page.url()).pathname).toBe(`/ar${pages.check}`)
    const trail = page.getByRole('navigation', { name: 'مسار الصفحة' })
    await trail.getByRole('link', { name: 'بوابة الخدمات الإلكترونية' }).click()
    expect(new URL(page.url()).pathname).toBe(`/ar${environment}`)
    await page.goto(base)
    expect(new URL(page.url()).pathname).toBe('/ar')
    expect(problems).toEqual([])
  })

  test('the keyboard reaches everything in the order of reading, and focus is seen', async () => {
    const { page } = await signedIn()
    await page.goto(`${base}/en${environment}`)
    const bar = await page.locator('nav.pages a').allTextContents()
    const stops = await tabStops(page, 12 + bar.length)
    expect(stops.map(({ name }) => name)).toEqual([
      'a Skip to content',
      'a Istimrar Monitoring of infrastructure readiness and hosting continuity',
      'a العربية',
      'a Account: ministry-1',
      'button Sign out',
      ...bar.map((name) => `a ${name}`),
      'button Pause updates',
      'a Nation',
      'a Authority for Municipal Services',
      'a Lost time: its causes and evidence',
      'div checks',
      'a web-1/host',
      'a بوابة الخدمات',
    ])
    expect(stops.filter(({ seen }) => !seen)).toEqual([])
    await page.goto(`${base}/en${environment}`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
  })

  test('a screen reader finds headings, drawings, tables and cards by name', async () => {
    const { page } = await signedIn({ viewport: { width: 360, height: 740 } })
    await page.goto(`${base}/en${environment}`)
    await page.getByRole('img', { name: /Last 24 hours.*Down.*23 minutes, 12 seconds/ }).waitFor()
    await page.getByRole('img', { name: /Cycle.*April.*2027/ }).waitFor()
    const checks = page.getByRole('table', { name: 'Checks' })
    expect(await checks.getByRole('row').count()).toBe(14)
    await checks.getByRole('cell', { name: 'Down connection refused' }).waitFor()
    await soundForReaders(page)
  })

  test.each([
    ...['', '/readiness', '/institutions/services-authority/readiness'],
    ...['/migration', '/institutions/services-authority/migration'],
  ])('a screen reader finds what page %j says', async (path) => {
    const { page } = await signedIn()
    await page.goto(`${base}/en${path}`)
    await soundForReaders(page)
  })

  test('time runs from left to right in Arabic too, and a minute of outage is seen', async () => {
    const { page } = await signedIn({ viewport: { width: 360, height: 740 } })
    await page.goto(`${base}/ar${environment}`)
    const strip = page.locator('svg.strip[role=img]').first()
    const up = await strip.locator('rect.up').first().boundingBox()
    const [minute, latest] = await strip.locator('rect.down').all()
    const whole = await strip.boundingBox()
    const minuteBox = await minute?.boundingBox()
    const latestBox = await latest?.boundingBox()
    if (!up || !whole || !minuteBox || !latestBox) throw new Error('The strip lacks a mark.')
    expect(Math.abs(up.x - whole.x)).toBeLessThan(1)
    expect(minuteBox.x).toBeLessThan(latestBox.x)
    expect(minuteBox.width).toBeGreaterThanOrEqual(1)
    expect(minuteBox.height).toBeGreaterThan(up.height)
  })

  test('the page keeps itself fresh, leaves open what is open, and can be paused', async () => {
    const { page, problems } = await signedIn()
    // It looks when the test says so, and not also every quarter of a minute.
    await page.addInitScript('globalThis.setTimeout = () => 0')
    await page.goto(`${base}/en`)
    await page.click('#guide summary')
    await page.evaluate('document.activeElement.blur()')
    const look = () => page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    const answered = () => page.waitForResponse(`${base}/en`).then((answer) => answer.finished())

    now += minuteMs
    await Promise.all([answered(), look()])
    await page.getByText('Updated 13:59:00').waitFor()
    expect(await page.getAttribute('#guide', 'open')).toBe('')

    await page.getByRole('button', { name: 'Pause updates' }).click()
    now += minuteMs
    await look()
    await page.getByRole('button', { name: 'Resume updates' }).click()
    await page.getByText('Updated 13:59:00').waitFor()
    await Promise.all([answered(), look()])
    await page.getByText('Updated 14:00:00').waitFor()

    await page.focus('#guide summary')
    now += minuteMs
    await Promise.all([answered(), look()])
    await page.evaluate('new Promise(requestAnimationFrame)')
    expect(await page.evaluate('document.activeElement.localName')).toBe('summary')
    await page.getByText('Updated 14:00:00').waitFor()
    expect(problems).toEqual([])
  })

  test('the page of a migration keeps fresh too, with what is open left open', async () => {
    const { page, problems } = await signedIn()
    const path = `${base}/en/institutions/services-authority/migration`
    await page.goto(path)
    await page.click('#curve-table summary')
    await page.click('#proofs-website summary')
    await page.evaluate('document.activeElement.blur()')
    now += minuteMs
    const answered = page.waitForResponse(path).then((answer) => answer.finished())
    await Promise.all([
      answered,
      page.evaluate('document.dispatchEvent(new Event("visibilitychange"))'),
    ])
    await page.getByText('Updated 13:59:00').waitFor()
    for (const id of ['curve-table', 'proofs-website']) {
      expect(await page.getAttribute(`#${id}`, 'open')).toBe('')
    }
    expect(problems).toEqual([])
  })

  test('the page says so when the collector does not answer', async () => {
    const { page } = await signedIn()
    await page.goto(`${base}/en`)
    expect(await page.getByText('The collector does not answer.').isVisible()).toBe(false)
    await app.close()
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    await page.getByRole('status').getByText('The collector does not answer.').waitFor()
    await page.getByText('94.64%').first().waitFor()
  })

  test('without script an institution asks for maintenance, in Arabic', async () => {
    await app.close()
    await serve(sampleViews(), owner)
    const { page } = await signedIn({ javaScriptEnabled: false })
    await page.goto(`${base}/ar${environment}`)
    const section = page.getByRole('region', { name: 'الصيانة المجدولة' })
    await section.getByText('طلب صيانة مجدولة').click()
    await section.getByLabel('البدء').fill('2027-01-21T10:00')
    await section.getByLabel('الانتهاء', { exact: true }).fill('2027-01-30T23:00')
    const why = section.locator('#why')
    await why.fill('تحديث أجهزة الشبكة')
    await section.getByRole('button', { name: 'تقديم الطلب' }).click()
    await page.getByRole('alert').getByText('أقرب بدء ممكن').waitFor()
    expect(await why.inputValue()).toBe('تحديث أجهزة الشبكة')
    await section.getByLabel('البدء').fill('2027-01-30T22:00')
    await section.getByRole('button', { name: 'تقديم الطلب' }).click()
    await page.waitForURL(`${base}/ar${environment}#maintenance`)
    const [first] = await section.getByRole('listitem').all()
    const text = (await first!.textContent()) ?? ''
    expect(text).toContain('بانتظار الاعتماد')
    expect(text).toContain('30 يناير 2027')
    expect(text).toContain('تحديث أجهزة الشبكة')
  })

  test('the ministry finds what waits on the first page, and approves it', async () => {
    const { page, problems } = await signedIn()
    await page.goto(`${base}/en`)
    const waiting = page.getByRole('region', { name: /^Waiting for you/ })
    await waiting.getByRole('link', { name: 'Maintenance' }).click()
    const item = page.locator('li:target')
    await item.getByText('Decide').click()
    await item.getByLabel('Reason').fill('agreed in the weekly call')
    await item.getByRole('button', { name: 'Approve' }).click()
    await page.waitForURL(`${base}/en${environment}#maintenance`)
    await page.getByText('agreed in the weekly call').first().waitFor()
    await page.goto(`${base}/en`)
    await waiting.waitFor()
    expect(await waiting.getByRole('link', { name: 'Maintenance' }).count()).toBe(0)
    expect(problems).toEqual([])
  })

  test('what somebody types is not taken out of their hands', async () => {
    await app.close()
    await serve(sampleViews(), admin)
    const { page, problems } = await signedIn()
    await page.goto(`${base}/en${environment}`)
    await page.getByText('Request maintenance').click()
    await page.locator('#why').fill('half a sentence')
    await page.evaluate('document.activeElement.blur()')
    const look = () => page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    const answered = () =>
      page.waitForResponse(`${base}/en${environment}`).then((answer) => answer.finished())
    now += minuteMs
    await Promise.all([answered(), look()])
    await page.evaluate('new Promise(requestAnimationFrame)')
    expect(await page.locator('#why').inputValue()).toBe('half a sentence')
    await page.locator('#why').fill('')
    await page.evaluate('document.activeElement.blur()')
    now += minuteMs
    await Promise.all([answered(), look()])
    await page.getByText('Updated 14:00:00').waitFor()
    expect(problems).toEqual([])
  })

  test('a name that is markup stays text', async () => {
    const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>'
    const [first, ...others] = sampleSnapshot.institutions
    if (!first) throw new Error('The sample has no institution.')
    const institutions = [{ ...first, name: { ar: hostile, en: hostile } }, ...others]
    await app.close()
    await serve(sampleViews({ ...sampleSnapshot, institutions }))
    const { page, problems } = await signedIn()
    await page.goto(`${base}/en/institutions/${first.id}`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(hostile)
    expect(await page.locator('img, main script').count()).toBe(0)
    expect(problems).toEqual([])
  })

  test('before the first figures the page waits and then shows them', async () => {
    let snapshot: typeof sampleSnapshot | null = null
    await app.close()
    await serve({ ...sampleViews(), snapshot: () => snapshot })
    const { page, problems } = await signedIn()
    await page.goto(`${base}/en`)
    await page.getByRole('heading', { name: 'First figures in a moment' }).waitFor()
    snapshot = sampleSnapshot
    await page.getByText('94.64%').first().waitFor()
    expect(problems).toEqual([])
  })
})

/** Headings go down one level at a time, and everything that can be followed has a name. */
async function soundForReaders(page: Page): Promise<void> {
  const levels = await page.evaluate<number[]>(
    '[...document.querySelectorAll("h1,h2,h3")].map((heading) => Number(heading.localName[1]))',
  )
  expect(levels[0]).toBe(1)
  levels.forEach((level, i) => {
    expect(level - (levels[i - 1] ?? level)).toBeLessThanOrEqual(1)
  })
  const nameless = await page.evaluate<string[]>(
    `[...document.querySelectorAll('a, button, summary')]
      .filter((each) => !each.textContent.trim())
      .map((each) => each.outerHTML)`,
  )
  expect(nameless).toEqual([])
}
