import { describe, expect, test } from 'vitest'
import { html } from '../../../collector/web/html.ts'
import { fieldsOf, refusalBox } from '../../../collector/web/parts/refusal.ts'
import { tieFields } from '../../../collector/web/tied-fields.ts'

const why = { words: 'Say why.', fields: ['why'] }
const span = { words: html`Ends <bdi>late</bdi>.`, fields: ['from', 'to'] }

function form(id: string, more = html``) {
  return html`<form method="post" action="#answer"><input type="hidden" name="id" value="${id}">
<input id="from-${id}" name="from" aria-describedby="zone"><select id="to-${id}" name="to">
<option value="why">&lt;</option></select>
<textarea id="why-${id}" name="why">name="to"</textarea>${more}
<button name="act" value="ask">Ask</button></form>`
}

function page(complaints: Parameters<typeof refusalBox>[0], ...forms: unknown[]) {
  return html`<title>Board</title>${refusalBox(complaints)}${forms as []}`.text
}

function tied(text: string, sent: Record<string, string>) {
  return tieFields(
    text,
    new URLSearchParams({ act: 'ask', from: '', to: '', why: '', ...sent }),
    'en',
  )
}

describe('the fields of a form that was refused', () => {
  test('are marked, each with what is said of it, in the form that was sent only', () => {
    const text = tied(page([span, why], form('a&b'), form('c')), { id: 'a&b' })
    const [first = '', second = ''] = text.split('<form').slice(1)
    expect(first).toContain(
      '<input id="from-a&amp;b" name="from" aria-invalid="true" aria-describedby="wrong-1 zone">' +
        '<span class="wrong" id="wrong-1">Ends <bdi>late</bdi>.</span>',
    )
    expect(first).toContain('name="to" aria-invalid="true" aria-describedby="wrong-1">')
    expect(first).toContain('</textarea><span class="wrong" id="wrong-2">Say why.</span>')
    expect(`<form${second}`).toBe(form('c').text)
  })

  test('are linked from the refusal, and the title tells of it', () => {
    const text = tied(page([why], form('c')), { id: 'c' })
    expect(text).toContain('<p><a href="#why-c">Say why.</a></p>')
    expect(text).toContain('<title>Not accepted – Board')
  })

  test.each([
    ['the form is gone', page([why], form('other')), { id: 'c' }],
    ['another act was sent', page([why], form('c')), { id: 'c', act: 'withdraw' }],
    [
      'it is about none of them',
      page([{ words: 'Too late.', fields: [] }], form('c')),
      { id: 'c' },
    ],
  ])('are left alone where %s', (_name, text, sent) => {
    expect(tied(text, sent)).toBe(text.replace('<title>', '<title>Not accepted – '))
  })

  test('of two forms alike, those of the one that has all that was sent', () => {
    const more = html`<input type="hidden" name="about" value="dispute">`
    const text = tied(page([why], form('c'), form('c', more)), { id: 'c', about: 'dispute' })
    expect(text.split('<form').map((each) => each.includes('aria-invalid'))).toEqual([
      ...[false, false, true],
    ])
  })

  test('stay as they are on a page that refuses nothing', () => {
    const text = html`<title>Board</title>${form('c')}`.text
    expect(tied(text, { id: 'c' })).toBe(text)
  })
})

test('a field that was named goes before those of the rule, and a rule without any has none', () => {
  expect(fieldsOf({ rule: 'time', field: 'to' })).toEqual(['to'])
  expect(fieldsOf({ rule: 'notice' })).toEqual(['from'])
  expect(fieldsOf({ rule: 'second_person' })).toEqual([])
})
