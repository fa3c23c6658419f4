import { expect, test } from 'vitest'
import { html } from '../../../collector/web/html.ts'

test('text is escaped wherever it stands', () => {
  const hostile = `<img src=x onerror="alert('1')">&`
  expect(html`<b title="${hostile}">${hostile}</b>`.text).toBe(
    '<b title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">' +
      '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</b>',
  )
})

test('markup, lists and nothing', () => {
  const items = ['a', '<'].map((each) => html`<li>${each}</li>`)
  expect(html`<ul>${items}</ul>${null}${undefined}${false}${0}`.text).toBe(
    '<ul><li>a</li><li>&lt;</li></ul>0',
  )
})

test('a backslash in a template stays what it is', () => {
  expect(html`\u00a0${'\\'}`.text).toBe('\u00a0\\')
})
