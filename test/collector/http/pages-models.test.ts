import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { minuteMs } from '../../../protocol/time.ts'
import { openDeskForAll, start } from '../../support/desk.ts'
import { reads } from '../../support/sample-pages.ts'

const desk = openDeskForAll()
const path = '/en/models'
const shipped = readFileSync('collector/model/readiness-1.0.0.yaml', 'utf8')
const why = 'decision 12 of the committee'

const get = (who: string, url = path) =>
  desk.collector.app.inject({ url, headers: { cookie: desk.cookie(who) } })
const post = (who: string, url: string, fields: Record<string, string>) =>
  desk.collector.app.inject({
    ...{ method: 'POST', url, payload: new URLSearchParams(fields).toString() },
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: desk.cookie(who),
    },
  })

/** As a browser sends the form: first with the file that was chosen, then with what was shown. */
async function send(who: string, act: string, file: File | string, fields = {}, url = path) {
  const form = new FormData()
  if (typeof file === 'string') form.append('file.name', 'model.yaml')
  for (const [name, value] of Object.entries({ act, file, ...fields })) {
    form.append(name, value as string | File)
  }
  const response = new Response(form)
  return desk.collector.app.inject({
    ...{ method: 'POST', url, payload: Buffer.from(await response.arrayBuffer()) },
    headers: {
      'content-type': response.headers.get('content-type')!,
      cookie: desk.cookie(who),
    },
  })
}
const fileOf = (text: string, name = 'model.yaml') => new File([text], name)

type Models = { models: { mark: { version: string; status: string } }[] }
const versions = async () =>
  ((await desk.as('auditor', '/api/v1/models')).json() as Models).models.map(({ mark }) => mark)

/** What the page shows of a file, as it goes back to be proposed. */
function shownFile(page: string): string {
  const [, text = ''] = /<textarea name="file" hidden>\n(.*?)<\/textarea>/s.exec(page) ?? []
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
  return text
    .replaceAll(/&(?:lt|gt|quot|#39);/g, (each) => entities[each]!)
    .replaceAll('&amp;', '&')
}

test('a file that is wrong is refused by line and setting, and nothing is stored', async () => {
  const wrong = shipped.replace('full_at: 365', 'full_at: 0').replace('en: "Foundations"', 'en: ""')
  for (const [language, words] of [
    ['en', 'Line 28'],
    ['ar', 'السطر 28'],
  ] as const) {
    const answers = [
      await send('maryam', 'preview', fileOf(wrong), {}, `/${language}/models`),
      await send('maryam', 'propose', wrong, { why }, `/${language}/models`),
    ]
    for (const { statusCode, body } of answers) {
      expect([statusCode, reads(body)]).toEqual([422, expect.stringContaining(words)])
      expect(body).toContain('dimensions[0].indicators[0].score.full_at')
      expect(body).not.toContain('value="propose"')
    }
  }
  expect(await versions()).toEqual([])
})

test.each([
  ['no file', fileOf('', ''), 'Choose a file.'],
  ['another kind of file', fileOf(shipped, 'model.docx'), 'must end in.yaml or.json'],
  ['an empty file', fileOf(''), 'must be settings'],
  ['a file that is no text', fileOf('\u0000\ufffd'), 'must be saved as UTF-8'],
  ['a file that is too long', fileOf(`${shipped}#${'x'.repeat(140_000)}`), '131072 bytes'],
])('%s is refused', async (_what, file, words) => {
  const { statusCode, body } = await send('maryam', 'preview', file)
  expect([statusCode, reads(body)]).toEqual([422, expect.stringContaining(words)])
})

test('who proposes nothing is refused, whatever is sent', async () => {
  for (const who of ['nasser', 'huda', 'auditor']) {
    expect((await get(who)).body).not.toContain('type="file"')
    for (const act of ['preview', 'propose', 'approve']) {
      const { statusCode, body } = await send(who, act, fileOf(shipped), { why })
      expect([who, act, statusCode]).toEqual([who, act, 422])
      expect(body).toContain('role="alert"')
    }
  }
  expect(await versions()).toEqual([])
})

test('a file is sent, looked at, proposed, tried and approved by another account', async () => {
  await desk.collector.evaluate()
  const next = shipped.replace('{op: ">=", value: 85}', '{op: ">=", value: 90}')
  const shown = await send('maryam', 'preview', fileOf(next))
  expect(shown.statusCode).toBe(200)
  expect(reads(shown.body)).toMatch(/Target targetRatio 0\.85 0\.9/)
  expect(await versions()).toEqual([])

  const file = shownFile(shown.body)
  expect(file).toBe(next)
  const hasty = await send('maryam', 'propose', file, { why: '' })
  expect([hasty.statusCode, shownFile(hasty.body)]).toEqual([422, next])
  expect(await versions()).toEqual([])
  // As browsers send the lines of a field.
  const sent = await send('maryam', 'propose', file.replaceAll('\n', '\r\n'), { why })
  expect([sent.statusCode, sent.headers.location]).toEqual([303, `${path}#om-infra/1.0.0`])
  const again = await send('maryam', 'propose', file, { why })
  expect(reads(again.body)).toContain('A proposal for this version already waits.')

  const page = `${path}/om-infra/1.0.0`
  expect((await get('nasser', '/en/inbox')).body).toContain(`href="${page}"`)
  expect((await get('maryam')).body).toContain(`href="${page}"`)
  const looked = reads((await get('nasser', page)).body)
  expect(looked).toContain(why)
  expect(looked).toMatch(/A trial, not official.*Institutions and governorates 2/)
  const own = await get('maryam', page)
  expect(own.body).not.toContain('value="approve"')
  expect((await post('maryam', page, { act: 'approve', why })).statusCode).toBe(422)
  expect((await post('nasser', page, { act: 'approve', why: '' })).statusCode).toBe(422)
  expect((await versions())[0]).toMatchObject({ version: '1.0.0', status: 'draft' })

  desk.clock.at = start + minuteMs
  const done = await post('nasser', page, { act: 'approve', why })
  expect([done.statusCode, done.headers.location]).toEqual([303, `${page}#proposal`])
  expect((await versions())[0]).toMatchObject({ version: '1.0.0', status: 'approved' })
  const late = await post('amal', page, { act: 'refuse', why })
  expect(reads(late.body)).toContain('This was decided before.')
  expect(reads((await get('huda', page)).body)).toMatch(/State Approved In force.*nasser/)
})

test('JSON is read as well; a later version is tried as of a cycle, and refused', async () => {
  const { version, weight } = { version: '2.0.0', weight: 20 }
  const text = JSON.stringify(await jsonOf(version, weight), null, '\t')
  const sent = await send('amal', 'propose', text, { why, 'file.name': 'model.json' })
  expect([sent.statusCode, sent.body]).toEqual([303, ''])
  const page = `${path}/om-infra/${version}`
  const body = reads((await get('auditor', `${page}?asOf=2027-04`)).body)
  expect(body).toMatch(/Dimension: Foundations Weight weight 15 20/)
  expect(body).toMatch(/roads Not in the readiness population 0\.00% 98\.00% Being set up/)
  const unknown = await get('auditor', `${page}?asOf=1999-04`)
  expect([unknown.statusCode, reads(unknown.body)]).toEqual([
    200,
    expect.stringContaining('There is no such cycle.'),
  ])
  // Of all institutions at once: not for one of them.
  const institution = reads((await get('huda', page)).body)
  expect(institution).toContain('Another account decides')
  expect(institution).not.toMatch(/A trial|Against the one in force/)
  expect((await post('maryam', page, { act: 'refuse', why })).statusCode).toBe(303)
  expect(reads((await get('amal', '/en/inbox')).body)).toMatch(/om-infra 2\.0\.0.*Refused/)
  expect((await get('amal', `${path}/om-infra/9.9.9`)).statusCode).toBe(404)
  expect((await post('amal', `${path}/om-infra/9.9.9`, { act: 'refuse', why })).statusCode).toBe(
    404,
  )
})

/** The shipped file as JSON, with another weight of its first two dimensions. */
async function jsonOf(version: string, weight: number): Promise<object> {
  const { parse } = await import('yaml')
  const model = parse(shipped) as { dimensions: { weight: number }[] }
  const [first, second] = model.dimensions
  second!.weight += first!.weight - weight
  first!.weight = weight
  return { ...model, version }
}

test('readiness and policy lead there', async () => {
  for (const page of ['readiness', 'policy']) {
    expect((await get('huda', `/ar/${page}`)).body).toContain('href="/ar/models"')
  }
})
