import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Role, roles } from '../../collector/people/accounts.ts'
import { type Language, languages } from '../../collector/web/language.ts'
import { refusedTexts } from '../../collector/web/texts/refused.ts'
import { dayMs, hourMs } from '../../protocol/time.ts'
import { fullBoardBrowser } from '../support/full-board-browser.ts'
import { mustSkip } from '../support/programs.ts'
import { type Told, tryForms } from '../support/try-forms.ts'

describe.skipIf(mustSkip('chromium'))('a form of the board that is filled in wrongly', () => {
  const opened = fullBoardBrowser()

  async function tryAll(language: Language): Promise<Told[]> {
    const seen: string[] = []
    const told: Told[] = []
    for (const role of roles) {
      const context = await opened.contextOf(role)
      const page = await context.newPage()
      await page.goto(`${opened.board.base}/healthz`)
      for (const path of pathsOf(role, language)) {
        const asked = { path, seen, title: refusedTexts.title[language], values: values() }
        const found = await tryForms(page, asked)
        seen.push(...found.forms)
        told.push(...found.told)
      }
      await context.close()
    }
    return told
  }

  /** Pages with a form, for a role. */
  function pathsOf(role: Role, language: Language): string[] {
    const { accessList } = opened.board.collector.app
    const all = accessList.filter(({ method, url, access }) => {
      const isForm = method === 'POST' || (method === 'GET' && url.endsWith('/log'))
      return isForm && url.startsWith(`/${language}/`) && access.includes(role)
    })
    return all.map((route) => opened.board.pathOf(route))
  }

  /** What fits a field, by its name, in any form but those of disputes. */
  function values(): Record<string, string> {
    const local = (at: number) => new Date(at).toISOString().slice(0, 16)
    const { at } = opened.board.nation.clock
    return {
      ...{ why: 'Because of the test', evidence: 'ab'.repeat(32), id: 'as-it-must-be' },
      ...{ name_ar: 'نظام', name_en: 'System', label: 'Reports', code: '0123-4567-89ab' },
      ...{ from: local(at + 9 * dayMs), to: local(at + 9 * dayMs + hourMs), text: 'a: b' },
      ...{ 'disputes from': local(at - 9 * hourMs), 'disputes to': local(at - 8 * hourMs) },
      ...{ owner: 'Hamad', subnets: '192.0.2.0/24', institution: 'roads' },
    }
  }

  test.concurrent.each(languages)('is told of at its field, and kept, in %s', async (language) => {
    const told = await tryAll(language)
    const tried = new Set(told.map(({ form, field }) => `${form} ${field}`))
    expect(tried.size).toBeGreaterThan(90)
    const wrong = told.filter(({ problems }) => problems.length > 0)
    expect(wrong.map(({ form, field, problems }) => `${form}: ${field} ${problems}`)).toEqual([])
  })

  test.each([
    ['folded away', '/institutions/roads/environments/portal', '#ask'],
    ['on a page of its own', '/accounts', 'details:has(#new-id)'],
  ])('leads the keyboard to what is wrong, %s', async (_name, path, details) => {
    const context = await opened.contextOf('admin')
    const page = await context.newPage()
    await page.goto(`${opened.board.base}/en${path}`)
    await page.locator(`${details} > summary`).first().click()
    const form = page.locator(`${details} form`)
    await page.evaluate('for (const form of document.forms) form.noValidate = true')
    await form.locator('button').click()
    await page.locator('#answer').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('answer')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const described = await page.evaluate<string>(
      `document.getElementById(location.hash.slice(1)).getAttribute('aria-describedby')`,
    )
    expect(described).toBe('wrong-1')
    await page.keyboard.press('Tab')
    expect(await page.locator('[name=why]:focus, [name=to]:focus').count()).toBe(0)
    await context.close()
  })

  const example = readFileSync('deploy/examples/programme.yaml', 'utf8')
  const endless = 'x'.repeat(90)
  const published = example
    .replaceAll('of 2023"', `of ${endless}"`)
    .replace('en: Services simplified ', `en: ${endless} `)
    .replace(
      'of: { ar: المؤسسات, en: Institutions }',
      `of: { ar: ${'خ'.repeat(90)}, en: ${endless} }`,
    )
    .replace('ar: الخدمات التي جرى تبسيطها ', `ar: ${'خ'.repeat(90)} `)
  const model = readFileSync('collector/model/readiness-1.0.0.yaml', 'utf8')
  const workloads = `apiVersion: istimrar.workloads/v1
workloads: [{ id: portal-app, name: { ar: البوابة, en: Portal }, criticality: important,
  state: identified, source: { environment: portal } }]
`
  const official = 'institution,index_percent,source,date\nroads,1,Page 4,2026-11-02\n'
  /** Pages that take a file, a file, and what the answer says of it. */
  const files = [
    ['official', 'a.csv', 'institution,x\nroads,1\n', 'operational_efficiency_percent'],
    ['programme/import', 'a.yaml', example.replace('count: 56', `${endless}: 56`), 'otherBases'],
    ['official', `${endless}.csv`, official, `${endless}.csv`],
    ['models', `${endless}.yaml`, model, `${endless}.yaml`],
    ['institutions/roads/migration/import', `${endless}.yaml`, workloads, `${endless}.yaml`],
    ['programme/import', `${endless}.yaml`, published, endless],
  ] as const
  test.each(
    files.flatMap((file) =>
      languages.flatMap((language) =>
        [320, 1_280].map((width) => [...file, language, width] as const),
      ),
    ),
  )('%s keeps to its page what has no place to break: %s', async (...asked) => {
    const [path, name, content, words, language, width] = asked
    const context = await opened.contextOf('ministry', { viewport: { width, height: 800 } })
    const page = await context.newPage()
    await page.goto(`${opened.board.base}/${language}/${path}`)
    const file = { name, mimeType: 'text/plain', buffer: Buffer.from(content) }
    await page.locator('input[type=file]').setInputFiles(file)
    await page.locator('main form:has(input[type=file]) button').click()
    await page.locator('#answer').waitFor()
    expect(await page.locator('main').textContent()).toContain(words)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await context.close()
  })
})
