import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../collector/config.ts'
import { AccountActs } from '../../collector/people/account-acts.ts'
import { localAdmin } from '../../collector/people/accounts.ts'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import { sha256 } from '../../protocol/jws.ts'
import { launchBrowser, openPage, overflow } from '../support/browser.ts'
import { closedPort } from '../support/closed-port.ts'
import { exampleFiles, openTestCollector, type TestCollector } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startProvider, type TestProvider } from '../support/oidc-provider.ts'

const clock = { at: 0, now: () => Date.now() }
let folder: ReturnType<typeof temporaryFolder>
let provider: TestProvider
let collector: TestCollector
let browser: Browser
/** Another host than the provider's, so that the browser holds the two for two sites. */
let board: string

beforeAll(async () => {
  folder = temporaryFolder()
  const port = await closedPort()
  board = `http://localhost:${port}`
  provider = await startProvider([`${board}/login/oidc/callback`])
  await (await openTestCollector(folder.path, clock)).close()
  await makeAccount()
  const config = { ...readConfig({ DATA_DIR: folder.path }), oidc: provider.settings }
  collector = await openTestCollector(folder.path, clock, exampleFiles.register, { config })
  await collector.app.listen({ host: '127.0.0.1', port })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await collector?.close()
  await provider?.close()
  folder[Symbol.dispose]()
})

async function makeAccount() {
  const store = sqliteStore(folder.file('collector.db'))
  const acts = await AccountActs.open({ store, now: clock.now })
  const account = { id: 'amal', role: 'auditor', institution: null } as const
  const after = { role: 'auditor', institution: null, external: sha256('p-17'), endedAt: null }
  await acts.take((at) =>
    acts.write(localAdmin, account, [{ before: null, after }], { why: 'joined', at }),
  )
  await store.close()
}

describe.each([
  [
    'ar-OM',
    'المتابعة إلى الهوية الموحدة',
    'تسجيل الخروج',
    'إنهاء جلسة الهوية الموحدة',
    'خدمة الهوية',
  ],
  ['en', 'Continue to the single sign-on', 'Sign out', 'Sign out of the single', 'let this person'],
])('%s: a browser that holds the provider for another site', (locale, go, out, endThere, why) => {
  test.each([390, 1280])('comes in and leaves again, %i px wide', async (width) => {
    const context = await browser.newContext({ locale, viewport: { width, height: 800 } })
    const { page, problems } = await openPage(context)
    provider.person = { sub: 'p-17' }
    await page.goto(`${board}/login`)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await page.getByText(go).click()
    await page.getByText('amal').first().waitFor()
    expect(new URL(page.url()).origin).toBe(board)
    const cookies = await context.cookies(board)
    expect(cookies.find(({ name }) => name === 'session')).toMatchObject({
      ...{ httpOnly: true, sameSite: 'Strict' },
    })
    await page.getByRole('button', { name: out, exact: true }).click()
    const link = page.getByText(endThere)
    await link.waitFor()
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    expect(await link.getAttribute('href')).toMatch(`${provider.settings.issuer}/session/end`)
    expect((await context.cookies(board)).map(({ name }) => name)).not.toContain('session')
    expect(problems).toEqual([])
    await context.close()
  })

  test('is told why it is not let in', async () => {
    const context = await browser.newContext({ locale, viewport: { width: 390, height: 800 } })
    const { page } = await openPage(context)
    provider.person = null
    await page.goto(`${board}/login`)
    await page.getByText(go).click()
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await alert.textContent()).toContain(why)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await context.close()
  })
})
