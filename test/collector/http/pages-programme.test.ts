import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { type FileForm, keptFields, sendFileForm } from '../../support/file-forms.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { reads } from '../../support/sample-pages.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const people = [
  { id: 'amal', role: 'admin' },
  { id: 'maryam', role: 'ministry' },
  { id: 'evaluator', role: 'evaluator' },
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

const why = 'التقرير السنوي للبرنامج'
const headers = (who: string) => ({ cookie: cookies.get(who)! })
const open = (url: string, who = 'maryam') => collector.app.inject({ url, headers: headers(who) })

const send = (fields: FileForm, language = 'en', who = 'maryam', more = {}) =>
  sendFileForm(collector, `/${language}/programme/import`, fields, { ...headers(who), ...more })
const preview = (content: string | Uint8Array<ArrayBuffer>, name = 'programme.yaml') => ({
  ...{ act: 'preview', file: new File([content], name) },
})
/** As from the page that shows a file. */
const apply = (content: string, more: Record<string, string> = {}) => ({
  ...{ act: 'apply', 'file.name': 'programme.yaml', 'file.kept': JSON.stringify(content), why },
  ...more,
})

const ids = async () => {
  const answer = await collector.ask('/api/v1/programme')
  return (answer.json() as { figures: { id: string }[] }).figures.map(({ id }) => id)
}
type Act = { what: string; why: string; actor: string; after: { values?: object[] } | null }
const acts = async () => {
  const answer = await collector.ask('/api/v1/acts?kind=programme&limit=100')
  return (answer.json() as { acts: Act[] }).acts
}

const example = readFileSync('deploy/examples/programme.yaml', 'utf8')
const allIds = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7']
const value = 'kind: actual, count: 5, denominator: 10, date: 2025-12, source: Report'
const file = (...figures: string[]) =>
  `apiVersion: istimrar.programme/v1\nfigures:\n${figures.map((each) => `  - ${each}\n`).join('')}`
const figure = (id: string, values = value, more = '') =>
  `{ id: ${id}, label: { ar: رقم, en: Figure }${more}, values: [{ ${values} }] }`

/** Each with the words of its refusal, or where they stand in the file, in both languages. */
const broken: [string, string, RegExp, RegExp][] = [
  [
    'an empty file',
    '',
    /Line 1 · must be settings \( apiVersion, figures \)/,
    /السطر 1 · تلزم الحقول: apiVersion, figures/,
  ],
  [
    'no YAML',
    'figures: [',
    /Line 1 · is not YAML: the indentation/,
    /السطر 1 · الملف ليس بصيغة YAML: إزاحة/,
  ],
  ['another format', file(figure('P1')).replace('/v1', '/v2'), /Line 1 · apiVersion/, /السطر 1/],
  ['no figures', 'apiVersion: istimrar.programme/v1\nfigures: []\n', /at least 1/, /عنصر واحد/],
  [
    'an unknown field',
    file(figure('P1', `${value}, colour: red`)),
    /Line 3 · figures\[0\]\.values\[0\]\.colour: unknown setting &quot;colour&quot;; allowed: kind/,
    /السطر 3 · figures\[0\]\.values\[0\]\.colour: الحقل &quot;colour&quot; غير معروف. الحقول المسموحة: kind/,
  ],
  [
    'a field that is missing',
    file(figure('P1', value.replace('denominator: 10, ', ''))),
    /Line 3 · figures\[0\]\.values\[0\]: missing &quot;denominator&quot;/,
    /السطر 3 · figures\[0\]\.values\[0\]: الحقل &quot;denominator&quot; ناقص/,
  ],
  [
    'figures by the same id',
    file(figure('P1'), figure('P2'), figure('P1')),
    /Line 5 · figures\[2\]\.id: is the id of an earlier figure/,
    /السطر 5 · figures\[2\]\.id: المعرّف مستخدم لرقم سابق في الملف/,
  ],
  [
    'a count above its denominator',
    file(figure('P1', value.replace('count: 5', 'count: 11'))),
    /Line 3 · figures\[0\]\.values\[0\]\.count: must not be above its denominator/,
    /السطر 3 · figures\[0\]\.values\[0\]\.count: لا يزيد العدد على إجماليه/,
  ],
  [
    'a share that is none',
    file(figure('P1', value.replace('count: 5', 'percent: 101'))),
    /percent: must be a number from 0 to 100, not 101/,
    /percent: يلزم عدد من 0 إلى 100، لا 101/,
  ],
  [
    'a day to come',
    file(figure('P1'), figure('P2', value.replace('2025-12', '2027-01'))),
    /Line 4 · figures\[1\]\.values\[0\]\.date: must not be later than today/,
    /السطر 4 · figures\[1\]\.values\[0\]\.date: لا يكون التاريخ بعد اليوم، إلا لمستهدف/,
  ],
  [
    'a label in the other language',
    file(figure('P1').replace('en: Figure', 'en: رقم')),
    /label\.en: must be in English/,
    /label\.en: يلزم نص بالإنجليزية/,
  ],
  [
    'too much text for one file',
    `${example}#${'x'.repeat(200_000)}`,
    /must be at most 200000 characters/,
    /الحد الأقصى لعدد الحروف 200000/,
  ],
]

describe('the page on which the programme comes in', () => {
  test.each(broken)('refuses %s, in both languages', async (_name, content, english, arabic) => {
    for (const [language, words] of [['en', english] as const, ['ar', arabic] as const]) {
      for (const fields of [preview(content), apply(content)]) {
        const answer = await send(fields, language)
        expect(answer.statusCode).toBe(422)
        expect(reads(answer.body)).toMatch(words)
        expect(answer.body).not.toContain('value="apply"')
        if (language === 'ar') expect(answer.body).not.toContain('<span lang="en"')
      }
    }
    expect(await acts()).toEqual([])
  })

  test('tells every fault of a file at once', async () => {
    const bad = file(
      figure('P1', value.replace('count: 5', 'count: 11, relation: "~"')),
      figure('Q', value.replace('2025-12', 'soon')),
    )
    const text = reads((await send(preview(bad))).body)
    for (const place of ['values[0].relation', 'figures[1].id', 'figures[1].values[0].date']) {
      expect(text).toContain(place)
    }
  })

  test.each([
    ['UTF-16', Buffer.from(`\ufeff${example}`, 'utf16le')],
    ['Windows-1256', Buffer.concat([Buffer.from(file()), Buffer.from([0x23, 0xd1, 0xde, 0xe3])])],
  ])('refuses what is saved as %s, with the line', async (_name, bytes) => {
    const answer = await send(preview(Uint8Array.from(bytes)))
    expect(answer.statusCode).toBe(422)
    expect(reads(answer.body)).toMatch(/Line \d+ · ?must be saved as UTF-8/)
    const arabic = reads((await send(preview(Uint8Array.from(bytes)), 'ar')).body)
    expect(arabic).toMatch(/السطر \d+ · ?يلزم حفظ الملف بترميز UTF-8/)
    expect(await ids()).toEqual([])
  })

  test.each<[string, FileForm, string, string]>([
    ['no file', { act: 'preview' }, 'Choose a file', 'يلزم اختيار ملف'],
    [
      'a file that is not kept as it was',
      { act: 'apply', 'file.name': 'a.yaml', 'file.kept': '{', why },
      ...(['Choose a file', 'يلزم اختيار ملف'] as const),
    ],
    ['another kind of file', preview(example, 'a.xlsx'), 'must end in.yaml or.yml', 'بامتداد'],
    ['another act', { ...apply(example), act: 'steal' }, 'nothing has changed', 'لم يتغير شيء'],
    ['no reason', apply(example, { why: ' ' }), 'Give a reason of 3', 'يلزم سبب من 3'],
    ['a reason too long', apply(example, { why: 'x'.repeat(301) }), 'Give a reason', 'يلزم سبب'],
  ])('refuses %s', async (_name, fields, english, arabic) => {
    for (const [language, words] of [['en', english] as const, ['ar', arabic] as const]) {
      const answer = await send(fields, language)
      expect(answer.statusCode).toBe(422)
      expect(reads(answer.body)).toContain(words)
    }
    expect(await acts()).toEqual([])
  })

  test('refuses what is larger than a form may be, and what another site sends', async () => {
    const large = await send(preview(`${example}#${'x'.repeat(600 * 1024)}`), 'ar')
    expect(large.statusCode).toBe(413)
    expect(reads(large.body)).toContain('حجمه أكبر من المسموح')
    for (const more of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }]) {
      for (const [language, words] of [
        ['en', 'The request came from another site'],
        ['ar', 'مصدر الطلب موقع آخر'],
      ] as const) {
        const asked = { ...more, 'accept-language': language }
        const forged = await send(apply(example), language, 'maryam', asked)
        expect(forged.statusCode).toBe(403)
        expect(reads(forged.body)).toContain(words)
      }
    }
    expect(await acts()).toEqual([])
  })

  test('is for those who import, who find it from home and from the figures', async () => {
    const url = '/en/programme/import'
    for (const who of ['evaluator', 'auditor', 'huda']) {
      expect((await open(url, who)).statusCode).toBe(403)
      for (const fields of [preview(example), apply(example)]) {
        expect((await send(fields, 'en', who)).statusCode).toBe(403)
      }
      for (const page of ['/en/home', '/en/programme']) {
        const { statusCode, body } = await open(page, who)
        expect([statusCode, body.includes(url)]).toEqual([200, false])
      }
    }
    for (const who of ['amal', 'maryam']) {
      for (const page of ['/en/home', '/en/programme']) {
        expect((await open(page, who)).body).toContain(`href="${url}"`)
      }
    }
    const nobody = await sendFileForm(collector, url, apply(example), {})
    expect([nobody.statusCode, nobody.headers.location]).toEqual([303, '/login'])
    expect(await acts()).toEqual([])
  })
})

describe('a right file', () => {
  test('is shown with what follows by arithmetic, and recorded once with its reason', async () => {
    const shown = await send(preview(`\ufeff${example.replaceAll('\n', '\r\n')}`), 'ar')
    expect(shown.statusCode).toBe(200)
    const text = reads(shown.body)
    expect(text).toContain('أرقام جديدة 7 أرقام تتغير 0 أرقام تُسحب 0 أرقام كما هي 0')
    expect(text).toContain('2,199 من 2,869 تساوي 76.64%، والمتبقي 670.')
    for (const id of allIds) expect(shown.body).toContain(`<h2 id="${id}">`)
    expect(await ids()).toEqual([])

    const fields = { ...keptFields(shown.body), act: 'apply', why }
    const unreasoned = await send({ ...fields, why: '' })
    expect(unreasoned.statusCode).toBe(422)
    // What is kept is there to be sent again.
    expect(keptFields(unreasoned.body)).toEqual(keptFields(shown.body))
    // Sent twice by a hasty hand.
    const answers = await Promise.all([send(fields), send(fields)])
    for (const { statusCode, headers } of answers) {
      expect([statusCode, headers.location]).toEqual([303, '/en/programme/import#recorded'])
    }
    expect(await ids()).toEqual(allIds)
    const all = await acts()
    expect(all.map(({ what }) => what).sort()).toEqual(allIds.map((id) => `programme/${id}`))
    for (const act of all) expect(act).toMatchObject({ actor: 'maryam', why })
    const recorded = await open('/en/programme/import')
    expect(recorded.body).toContain('href="/en/programme#P4"')
    expect(reads((await open('/ar/programme', 'huda')).body)).toContain('2,199 من 2,869')
  })

  test('changes nothing when it is sent again', async () => {
    const again = await send(preview(example))
    expect(again.statusCode).toBe(200)
    expect(reads(again.body)).toContain('Everything in the file stands as it is')
    expect(reads(again.body)).toContain('Unchanged figures 7')
    expect(again.body).not.toContain('value="apply"')
    expect((await send(apply(example))).statusCode).toBe(303)
    expect(await acts()).toHaveLength(7)
  })

  test('shows what changes of each figure, and what is withdrawn', async () => {
    const markup = '<img src=x onerror=alert(1)>'
    const next = example
      .replace('count: 2199', 'count: 2300')
      .replace('en: Services digitised', `en: ${JSON.stringify(markup)}`)
      .replace('    computed: true\n', '')
      .replace(/ {2}- id: P5[\s\S]*?(?= {2}- id: P6)/, '')
      .replace('figures:\n', `figures:\n  - ${figure('P10')}\n`)
    const shown = await send(preview(next))
    const text = reads(shown.body)
    expect(text).toContain(
      'New figures 1 Changed figures 3 Withdrawn figures 1 Unchanged figures 3',
    )
    const headings = [...shown.body.matchAll(/<h2 id="(P\d+)">/g)].map(([, id]) => id)
    expect(headings).toEqual(['P4', 'P5', 'P6', 'P7', 'P10'])
    expect(text).toMatch(/P4 Services simplified Changes/)
    expect(text).toMatch(/New value 2,300 2,869.*No longer in the file 2,199 2,869/)
    expect(text).toMatch(/P5 Services simplified in Manjam labs Withdrawn/)
    expect(text).toMatch(/Its label was: Services digitised ?\. It becomes: &lt;img/)
    expect(text).toContain('It no longer says that this product measures it.')
    expect(shown.body).not.toContain(markup)
    expect(await ids()).toEqual(allIds)

    const done = await send({ ...keptFields(shown.body), act: 'apply', why })
    expect(done.statusCode).toBe(303)
    expect(await ids()).toEqual(['P1', 'P2', 'P3', 'P4', 'P6', 'P7', 'P10'])
    const [p5] = (await acts()).filter(({ what }) => what === 'programme/P5')
    expect(p5).toMatchObject({ after: null })
    expect((await open('/en/programme')).body).not.toContain(markup)
    const order = next.replace(
      /( {6}- kind: actual\n {8}count: 56[\s\S]*?)( {6}- kind: actual\n[\s\S]*?)(?=\n {2}- id: P2)/,
      '$2\n$1',
    )
    expect(reads((await send(preview(order))).body)).toContain('Only the order of its values')
  })

  test('records only what was shown: nothing that others have recorded since is lost', async () => {
    const shown = keptFields((await send(preview(example))).body)
    const others = file(figure('P1'), figure('P12'))
    const theirs = keptFields((await send(preview(others), 'en', 'amal')).body)
    expect((await send({ ...theirs, act: 'apply', why }, 'en', 'amal')).statusCode).toBe(303)

    const late = await send({ ...shown, act: 'apply', why }, 'ar')
    expect(late.statusCode).toBe(422)
    expect(reads(late.body)).toContain('تغير المسجل بعد عرض هذا الملف')
    expect(late.body).toContain('<h2 id="P12">')
    expect(await ids()).toEqual(['P1', 'P12'])
    const again = keptFields(late.body)
    expect((await send({ ...again, act: 'apply', why })).statusCode).toBe(303)
    expect(await ids()).toEqual(allIds)
  })
})
