import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../../protocol/jws.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { type FileForm, keptFields, sendFileForm } from '../../support/file-forms.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { reads } from '../../support/sample-pages.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const people = [
  { id: 'maryam', role: 'ministry' },
  { id: 'auditor', role: 'auditor' },
  { id: 'huda', role: 'institution', institution: 'health' },
] as const

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
let cookies: ReadonlyMap<string, string>
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
  cookies = await cookiesOf(collector, people)
  await collector.evaluate()
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const why = 'التقرير السنوي'
const headers = (who: string) => ({ cookie: cookies.get(who)! })
const open = (url: string, who = 'maryam') => collector.app.inject({ url, headers: headers(who) })

const send = (fields: FileForm, language = 'en', who = 'maryam') =>
  sendFileForm(collector, `/${language}/official`, fields, headers(who))
const preview = (name: string, content: string, more: Record<string, string> = {}) => ({
  ...{ act: 'preview', cycle: '2026-10', file: new File([content], name), ...more },
})

type Standing = { institution: string; indexPercent: number; fileSha256: string }
async function standing(): Promise<Standing[]> {
  const answer = await collector.ask('/api/v1/official?cycle=2026-10')
  return (answer.json() as { results: Standing[] }).results
}

const csv = [
  'institution,index_percent,level,source,date',
  'health,81.5,above,"Report, page 4 ""<b>""",2026-11-02',
  'national,80,,Report page 1,2026-11-02',
  '',
].join('\n')

describe('the page of official results', () => {
  test('shows what a file would change, and records its bytes with a reason', async () => {
    const shown = await send(preview('نتائج.csv', csv), 'ar')
    expect(shown.statusCode).toBe(200)
    const text = reads(shown.body)
    expect(text).toContain('ما سيتغير من النتائج')
    expect(text).toContain('81.50% فوق المتوسط')
    expect(shown.body).not.toContain('<b>')
    expect(await standing()).toEqual([])

    const fields = { ...keptFields(shown.body), act: 'apply' }
    const unreasoned = await send(fields)
    expect(unreasoned.statusCode).toBe(422)
    expect(reads(unreasoned.body)).toContain('Give a reason of 3 to 300 characters')
    expect(await standing()).toEqual([])
    const applied = await send({ ...fields, why })
    expect(applied.statusCode).toBe(303)
    expect(applied.headers.location).toBe('/en/official?cycle=2026-10#recorded')
    const fileSha256 = sha256(Buffer.from(csv))
    expect(await standing()).toMatchObject([
      { institution: 'national', indexPercent: 80, fileSha256 },
      { institution: 'health', indexPercent: 81.5, fileSha256 },
    ])
    const after = await send(preview('again.csv', csv))
    expect(reads(after.body)).toContain('Everything in the file stands as it is')
    expect(after.body).not.toContain('value="apply"')
  })

  test('says every fault with row and column in both languages, and records nothing', async () => {
    const before = await standing()
    const bad = `${csv}roads,101,best,x,soon\nroads,9,,Report page 2,2027-01-01\nnobody,1,low,Page,`
    const arabic = await send(preview('a.csv', bad), 'ar')
    expect(arabic.statusCode).toBe(422)
    const text = reads(arabic.body)
    expect(text).toMatch(/السطر 4 · index_percent: يلزم عدد من 0 إلى 100/)
    expect(text).toMatch(/السطر 5 · institution: المؤسسة مكررة، وسبق ذكرها في السطر 4/)
    expect(text).toMatch(/السطر 6 · institution: يلزم معرّف مؤسسة من السجل، أو national للسلطنة/)
    expect(arabic.body).not.toContain('<span lang="en"')
    const english = reads((await send(preview('a.csv', bad))).body)
    expect(english).toMatch(/Line 5 · date: must not be later than today/)
    expect(await standing()).toEqual(before)
  })

  test.each([
    ['a.xlsx', '2026-10', 'must end in.csv or.json'],
    ['a.csv', '2026-11', 'The cycle must be one such as'],
    ['a.csv', '2999-04', 'has not begun yet'],
    ['a.json', '2026-10', 'is not valid JSON'],
  ])('refuses %s for %s', async (name, cycle, words) => {
    const answer = await send(preview(name, csv, { cycle }))
    expect(answer.statusCode).toBe(422)
    expect(reads(answer.body)).toContain(words)
  })

  test.each([
    [{ act: 'preview', cycle: '2026-10' }, 'Choose a file'],
    [{ act: 'apply', 'file.name': 'a.csv', 'file.kept': '{', cycle: '2026-10' }, 'Choose a file'],
    [{ act: 'steal', cycle: '2026-10' }, 'not accepted; nothing has changed'],
    [{ act: 'withdraw', cycle: '2026-10', institution: 'roads', why }, 'no such result'],
  ])('refuses %j', async (fields, words) => {
    const answer = await send(fields)
    expect(answer.statusCode).toBe(422)
    expect(reads(answer.body)).toContain(words)
  })

  test('records only what was shown', async () => {
    const next = csv.replace('81.5', '82').replace('national,80', 'national,80.5')
    const shown = keptFields((await send(preview('a.csv', next))).body)
    const others = csv.replace('81.5', '70')
    const theirs = keptFields((await send(preview('b.csv', others))).body)
    expect((await send({ ...theirs, act: 'apply', why })).statusCode).toBe(303)
    const late = await send({ ...shown, act: 'apply', why })
    expect(late.statusCode).toBe(422)
    expect(reads(late.body)).toContain('What is recorded has changed since this was shown')
    expect(await standing()).toMatchObject([{ indexPercent: 80 }, { indexPercent: 70 }])
    expect((await send({ ...keptFields(late.body), act: 'apply', why })).statusCode).toBe(303)
    expect(await standing()).toMatchObject([{ indexPercent: 80.5 }, { indexPercent: 82 }])
  })

  test('takes a result back with a reason', async () => {
    const fields = { act: 'withdraw', cycle: '2026-10', institution: 'national' }
    expect((await send({ ...fields, why: '' })).statusCode).toBe(422)
    expect((await send({ ...fields, why })).statusCode).toBe(303)
    expect((await standing()).map(({ institution }) => institution)).toEqual(['health'])
  })

  test('is for those who import, who find it from home and beside the trend', async () => {
    for (const who of ['auditor', 'huda']) {
      expect((await open('/en/official', who)).statusCode).toBe(403)
      expect((await send(preview('a.csv', csv), 'en', who)).statusCode).toBe(403)
      for (const page of ['/en/home', '/en/readiness/trend']) {
        expect((await open(page, who)).body).not.toContain('/en/official')
      }
    }
    for (const page of ['/en/home', '/en/readiness/trend']) {
      expect((await open(page)).body).toContain('href="/en/official"')
    }
    const shown = reads((await open('/en/official?cycle=nonsense')).body)
    expect(shown).toMatch(/Recorded results Cycle 2026-10/)
  })
})
