import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { boardRoutes } from '../../../collector/http/board.ts'
import { workloadsCsv } from '../../../collector/migration/discovery.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { html } from '../../../collector/web/html.ts'
import { faultWords } from '../../../collector/web/parts/import-faults.ts'
import { owner } from '../../support/sample-declarations.ts'
import { evaluator, sampleInbox, samplePeople } from '../../support/sample-disputes.ts'
import { asOf } from '../../support/sample-figures.ts'
import { ministry } from '../../support/sample-maintenance.ts'
import { sampleMigrationActs } from '../../support/sample-migration-acts.ts'
import { reads } from '../../support/sample-pages.ts'
import { sampleSessions } from '../../support/sample-sessions.ts'
import { sampleViews } from '../../support/sample-views.ts'
import { askedWorkload } from '../../support/sample-workloads.ts'

const auditor: Account = { id: 'auditor-1', role: 'auditor' }
const stranger: Account = { id: 'x', role: 'institution', institution: 'water-authority' }
const institution = 'services-authority'
const path = `/institutions/${institution}/migration`

let app: FastifyInstance
let acts: Awaited<ReturnType<typeof sampleMigrationActs>>
async function board(account: Account, isFull = true) {
  acts = await sampleMigrationActs(() => asOf, isFull)
  app = Fastify()
  const sessions = sampleSessions('code', 'secret', account)
  const asked = { ...(await samplePeople()), ...acts }
  const people = { ...asked, inbox: sampleInbox(asked) }
  await app.register(boardRoutes(sampleViews(), sessions, people, () => asOf))
}
afterEach(() => app.close())

const cookie = 'session=secret'
const page = async (language: string, where: string) =>
  (await app.inject({ url: `/${language}${path}${where}`, headers: { cookie } })).body
const submit = (where: string, fields: Record<string, string>, language = 'en') =>
  app.inject({
    method: 'POST',
    url: `/${language}${path}${where}`,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
  })
async function send(form: FormData, language = 'en') {
  const response = new Response(form)
  const headers = { 'content-type': response.headers.get('content-type')!, cookie }
  const payload = Buffer.from(await response.arrayBuffer())
  return app.inject({ method: 'POST', url: `/${language}${path}/import`, payload, headers })
}
const why = 'قرار اللجنة رقم 7'
const ids = () => acts.workloads.list(auditor, institution).map(({ id }) => id)

/** The fields of a form as its page has them, with what a person typed. */
function filled(body: string, typed: Record<string, string>): Record<string, string> {
  const form = /<form class="act" method="post" action="[^"]*workloads#answer">.*?<\/form>/s
  const inputs = form.exec(body)![0].matchAll(/<(?:input|select)[^>]*name="(\w+)"[^>]*>/gs)
  const value = (tag: string) => / value="([^"]*)"/.exec(tag)?.[1] ?? ''
  const fields = [...inputs].map(([tag, name]) => [name!, typed[name!] ?? value(tag)] as const)
  return { ...Object.fromEntries(fields), act: 'put', why }
}

test.each([
  ['the ministry', ministry, true],
  ['the evaluator', evaluator, true],
  ['who asked', owner, false],
  ['an auditor', auditor, false],
] as const)(
  'the front page tells %s what waits for their decision',
  async (_who, account, isTold) => {
    await board(account)
    const body = (await app.inject({ url: '/en', headers: { cookie } })).body
    for (const kind of ['exemptions', 'baselines']) {
      expect(body.includes(`<a href="/en${path}/roadmap#${kind}">`), kind).toBe(isTold)
    }
  },
)

describe('the form of a workload', () => {
  const asked = {
    ...{ id: 'mail', name_ar: 'البريد', name_en: 'Mail', criticality: 'important' },
    ...{ state: 'identified', source_environment: 'portal' },
  }

  test.each(['ar', 'en'])('registers one as its page in %s has it', async (language) => {
    await board(owner, false)
    const sent = filled(await page(language, '/workloads'), asked)
    const answer = await submit('/workloads', sent, language)
    expect([answer.statusCode, answer.headers.location]).toEqual([
      303,
      `/${language}${path}/workloads#registered`,
    ])
    expect(acts.workloads.get(auditor, institution, 'mail')).toMatchObject({
      ...{ name: { ar: 'البريد', en: 'Mail' }, weight: 2, owner: null },
      source: { environment: 'portal', hosts: [] },
    })
  })

  test('changes one and keeps what its fields held', async () => {
    await board(owner)
    const before = acts.workloads.get(auditor, institution, 'payroll')
    const body = await page('en', '/workloads?workload=payroll')
    const selected = [
      ...body.matchAll(
        /<select[^>]*name="(\w+)"[^>]*>(?:(?!<\/select>).)*?value="([^"]+)" selected/gs,
      ),
    ]
    const chosen = Object.fromEntries(selected.map(([, name, value]) => [name, value!]))
    const sent = filled(body, { ...chosen, owner: 'Finance systems' })
    expect((await submit('/workloads', sent)).statusCode).toBe(303)
    const after = acts.workloads.get(auditor, institution, 'payroll')
    expect(after).toEqual({ ...before, owner: 'Finance systems' })
  })

  test('says all that is wrong in the language of the page, and keeps what was typed', async () => {
    await board(owner)
    const bad = { ...asked, state: 'cut_over', name_en: 'بريد', cut_over_on: '2099-01-01' }
    const sent = { ...filled(await page('ar', '/workloads'), bad), name_en: 'Mail' }
    const answer = await submit('/workloads', sent, 'ar')
    expect(answer.statusCode).toBe(422)
    const text = reads(answer.body)
    expect(text).toContain('لم يُسجل النظام.')
    expect(text).toMatch(/تصنيف البيانات \(\s*data_class\s*\): .*مطلوب/)
    expect(text).toMatch(/cut_over_on.*: .*في المستقبل/)
    expect(answer.body).toContain('value="2099-01-01"')
    expect(ids()).not.toContain('mail')
    expect(answer.body.match(/<span lang="en" dir="ltr">/g)).toBeNull()
  })

  test('does not let a new one take the place of another', async () => {
    await board(owner)
    const sent = filled(await page('en', '/workloads'), { ...asked, id: 'payroll' })
    const answer = await submit('/workloads', sent)
    expect(answer.statusCode).toBe(422)
    expect(reads(answer.body)).toContain('This id is that of another workload')
    expect(acts.workloads.get(auditor, institution, 'payroll').name.en).toBe('Payroll')
  })

  test('proposes what is measured of an environment that the address names', async () => {
    await board(owner, false)
    const body = await page('en', '/workloads?environment=portal')
    expect(body).toMatch(/name="id"[^>]*value="portal"/)
    expect(reads(body)).toContain('Filled in from what agents measured')
  })

  test('removes only what was never planned', async () => {
    await board(owner)
    const kept = await submit('/workloads?workload=payroll', { act: 'remove', id: 'payroll', why })
    expect([kept.statusCode, reads(kept.body).includes('exempt it or retire it')]).toEqual([
      422,
      true,
    ])
    await acts.workloads.put(owner, institution, askedWorkload({ id: 'draft' }), why)
    const gone = await submit('/workloads', { act: 'remove', id: 'draft', why })
    expect(gone.statusCode).toBe(303)
    expect(ids()).not.toContain('draft')
  })

  test('is not there for who only reads, nor the page for another institution', async () => {
    await board(auditor)
    const body = await page('en', '/workloads')
    expect(body).not.toContain('value="put"')
    expect(reads(body)).toContain('Payroll')
    expect(
      (await submit('/workloads', { ...asked, act: 'put', mode: 'new', why })).statusCode,
    ).toBe(422)
    await app.close()
    await board(stranger)
    for (const where of ['/workloads', '/import', '/roadmap']) {
      expect(reads(await page('en', where))).not.toContain('Payroll')
    }
  })
})

describe('the import', () => {
  const content = workloadsCsv([
    askedWorkload({ id: 'mail', name: { ar: 'البريد', en: 'Mail <b>' } }),
    askedWorkload({ id: 'payroll' }),
  ])
  const form = (act: string, more: Record<string, string> = {}) => {
    const made = new FormData()
    made.append('act', act)
    for (const [name, value] of Object.entries(more)) made.append(name, value)
    return made
  }
  const withFile = (name: string, bytes: string | Uint8Array<ArrayBuffer>) => {
    const made = form('preview')
    made.append('file', new File([bytes], name))
    return made
  }

  test('shows what a file would change, and registers what its page sends back', async () => {
    await board(owner)
    const shown = await send(withFile('نظم.csv', content), 'ar')
    expect(shown.statusCode).toBe(200)
    const text = reads(shown.body)
    expect(text).toContain('ما سيتغير')
    expect(text).toContain('البريد')
    expect(shown.body).not.toContain('<b>')
    // What was sent would be gone with the next refresh.
    expect(shown.body).not.toContain('id="pause"')
    expect(ids()).not.toContain('mail')
    const kept = /<textarea name="file" hidden>\n(.*?)<\/textarea>/s.exec(shown.body)![1]!
    const unescaped = kept.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"')
    const fields = { 'file.name': 'نظم.csv', file: unescaped, why }
    const refused = await send(form('apply', { ...fields, why: '' }))
    expect(reads(refused.body)).toContain('Give a reason of 3 to 300 characters')
    expect(ids()).not.toContain('mail')
    // What was planned once cannot be identified again without its plan: the file of the test does.
    const applied = await send(form('apply', fields))
    expect([applied.statusCode, applied.headers.location]).toEqual([
      303,
      `/en${path}/import#choose`,
    ])
    expect(ids()).toContain('mail')
  })

  test('says every fault with its line and column, in Arabic as in English', async () => {
    await board(owner)
    const bad = 'id,name_ar,name_en,criticality,state\nMail,,Mail,vital,validated\n=1,ا,A,,'
    const shown = await send(withFile('a.csv', bad), 'ar')
    expect(shown.statusCode).toBe(422)
    const text = reads(shown.body)
    expect(text).toContain('برنامج الجداول يعدّها صيغة ينفذها')
    expect(text).toMatch(/السطر 3 ·/)
    const rules = bad.replace('=1', 'x')
    const again = await send(withFile('a.csv', rules), 'ar')
    expect(reads(again.body)).toMatch(/السطر 2 · المرحلة \(\s*state\s*\): ما ثبت بالقياس لا يُسجل/)
    expect(again.body).not.toContain('<span lang="en"')
  })

  test.each([
    ['a.csv', Uint8Array.of(0xc7, 0xe1), 'must be saved as UTF-8'],
    ['a.xlsx', 'PK', 'must end in.csv or.yaml'],
    ['', '', 'Choose a file'],
    ['a.yaml', 'workloads: [', 'is not YAML'],
  ] as const)('refuses %j', async (name, bytes, words) => {
    await board(owner)
    const answer = await send(withFile(name, bytes))
    expect(answer.statusCode).toBe(422)
    expect(reads(answer.body)).toContain(words)
  })

  test('takes a file as large as it may be, and none that is larger', async () => {
    await board(owner)
    const large = `${content}${'x'.repeat(150_000)}`
    expect((await send(withFile('a.csv', large))).statusCode).toBe(422)
    expect((await send(withFile('a.csv', 'ش'.repeat(300_000)))).statusCode).toBe(413)
    expect((await submit('/roadmap', { act: 'ask', why: 'x'.repeat(5_000) })).statusCode).toBe(413)
  })
})

describe('the roadmap', () => {
  test('asks for an exemption, and another body decides it', async () => {
    await board(owner)
    const asked = { act: 'ask', kind: 'exemption', workload: 'licences', expires: '2028-01-31' }
    const answer = await submit('/roadmap', { ...asked, why })
    expect([answer.statusCode, answer.headers.location]).toEqual([
      303,
      `/en${path}/roadmap#exemptions`,
    ])
    const open = await acts.roadmap.exemptions(auditor, { state: 'open' })
    expect(open.map(({ workload }) => workload).toSorted()).toEqual(['licences', 'payroll'])
    const own = await submit('/roadmap', {
      act: 'approve',
      kind: 'exemption',
      id: open[0]!.id,
      why,
    })
    expect(reads(own.body)).toContain('Another body than the one that asked must decide this.')
    const far = await submit('/roadmap', { ...asked, expires: '2038-01-31', why }, 'ar')
    expect(reads(far.body)).toMatch(/آخر تاريخ ممكن للانتهاء|بانتظار القرار/)
  })

  test.each([
    ['the owner asks, proposes and takes back', owner, { ask: 1, propose: 0, decide: 0, back: 2 }],
    [
      'the ministry asks too, and decides what it did not ask',
      ministry,
      { ask: 1, propose: 0, decide: 2, back: 2 },
    ],
    ['the evaluator decides', evaluator, { ask: 0, propose: 0, decide: 2, back: 0 }],
    ['an auditor reads', auditor, { ask: 0, propose: 0, decide: 0, back: 0 }],
  ] as [string, Account, object][])('%s', async (_name, account, expected) => {
    await board(account)
    const body = await page('en', '/roadmap')
    expect({
      ask: body.split('value="ask"').length - 1,
      propose: body.split('value="propose"').length - 1,
      decide: body.split('value="approve"').length - 1,
      back: body.split('value="withdraw"').length - 1,
    }).toEqual(expected)
    const text = reads(body)
    for (const state of ['Approved', 'Waiting for a decision', 'Refused', 'Expired: a breach']) {
      expect(text).toContain(state)
    }
  })

  test('is proposed only when nothing stands against it, and says what does', async () => {
    await board(owner, false)
    await acts.workloads.put(owner, institution, askedWorkload({ id: 'mail' }), why)
    const body = await page('ar', '/roadmap?startOn=2027-01-01')
    expect(body).not.toContain('value="propose"')
    expect(reads(body)).toContain('لا تاريخ مخططًا لاكتماله')
    const answer = await submit('/roadmap', {
      ...{ act: 'propose', kind: 'baseline', startOn: '2027-01-01', why },
    })
    expect([
      answer.statusCode,
      reads(answer.body).includes('The roadmap is not complete.'),
    ]).toEqual([422, true])
  })
})

test('a fault that has no words of ours is said as its reader said it', () => {
  expect(html`${faultWords('ar', 'is something new')}`.text).toContain(
    '<span lang="en" dir="ltr">is something new</span>',
  )
})
