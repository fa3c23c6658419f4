import type { Page } from 'playwright-core'

/** A page whose forms are tried, and what fits its fields by their names. */
export type AskedForms = {
  readonly path: string
  /** Forms that were tried before, on any page. */
  readonly seen: readonly string[]
  /** With what the title of a refusal begins. */
  readonly title: string
  readonly values: Readonly<Record<string, string>>
}

/** A form that was sent with one field wrong, and what is amiss with the answer. */
export type Told = { readonly form: string; readonly field: string; readonly problems: string[] }

/**
 * Sends each form of a page as a browser does, once for each way in which one of its fields can be
 * wrong, and looks at how the answer tells of it.
 */
export function tryForms(
  page: Page,
  asked: AskedForms,
): Promise<{ forms: string[]; told: Told[] }> {
  return page.evaluate(`(async ({ path, seen, title, values }) => {
    ${filling}
    ${judging}
    const start = await fetch(path)
    if (start.status !== 200) throw new Error(path + ' answers ' + start.status)
    const forms = []
    const told = []
    for (const form of (await parse(start)).querySelectorAll('main form')) {
      if (form.method === 'post' && !/#answer$/.test(form.getAttribute('action'))) {
        throw new Error('Browsers are not led to what is wrong: ' + kindOf(form))
      }
      const kind = kindOf(form)
      if (seen.includes(kind) || forms.includes(kind)) continue
      forms.push(kind)
      for (const field of fieldsOf(form)) {
        for (const wrong of wrongOf(field)) {
          const data = filled(form, field, wrong)
          const problems = await judge(form, field, data, await send(form, data))
          told.push({ form: kind, field: field.name, problems: problems.map((each) => {
            return JSON.stringify(wrong.slice(0, 20)) + ' ' + each
          }) })
        }
      }
    }
    return { forms, told }
  })(${JSON.stringify(asked)})`)
}

/** In the browser: what stands in a form, and what would be wrong there. */
const filling = `
  const parse = async (answer) =>
    new DOMParser().parseFromString(await answer.text(), 'text/html')
  const others = ['hidden', 'button', 'submit', 'checkbox']
  const fieldsOf = (form) => [...form.elements].filter((each) => {
    return each.name && !others.includes(each.type) && !each.readOnly && !each.hidden
  })
  const kindOf = (form) => {
    const names = [...form.elements].map(({ name, value }) => name + (name === 'act' ? value : ''))
    return [path.slice(3), ...names].join(' ')
  }
  const fitting = (form, { localName, type, name, min, value, options }) => {
    if (localName === 'select') return value || options[0].value
    if (/^(date|number)$/.test(type)) return value || min
    const isDispute = form.elements.about?.value === 'dispute'
    if (value || form.method === 'get') return value
    return (isDispute && values['disputes ' + name]) || values[name] || ''
  }
  const wrongOf = (field) => {
    const { type, required, localName, pattern, maxLength } = field
    const wrong = required ? [localName === 'select' ? 'nothing' : ''] : []
    if (/^date/.test(type)) wrong.push('2026-02-31T00:00')
    if (type === 'number') wrong.push('-1')
    if (pattern) wrong.push('!')
    if (maxLength > 0) wrong.push('x'.repeat(maxLength + 1))
    return wrong
  }
  const filled = (form, wrongField, wrong) => {
    const data = new FormData(form)
    for (const each of fieldsOf(form)) {
      const value = each === wrongField ? wrong : fitting(form, each)
      if (each.type !== 'file') data.set(each.name, value)
    }
    const button = [...form.elements].find((each) => each.localName === 'button')
    if (button.name) data.set(button.name, button.value)
    return data
  }
  const send = (form, data) => {
    const [action] = (form.getAttribute('action') ?? '').split('#')
    const fields = new URLSearchParams(data)
    if (form.method === 'get') return fetch((action || path) + '?' + fields)
    const body = form.enctype === 'multipart/form-data' ? data : fields
    return fetch(action || path, { method: 'POST', body, redirect: 'manual' })
  }`

/** In the browser: whether an answer tells what is wrong, where, and keeps the rest. */
const judging = `
  const judge = async (form, { name }, data, answer) => {
    const expected = form.method === 'get' ? 200 : 422
    if (answer.status !== expected) return ['is answered with ' + answer.status + answer.type]
    const page = await parse(answer)
    const problems = []
    const must = (holds, what) => holds || problems.push(what)
    const box = page.querySelector('main #answer[role=alert][tabindex]')
    const at = [...page.querySelectorAll('main [aria-invalid=true]')]
      .find((each) => each.name === name)
    if (!box || !at) return ['is not marked: ' + box?.textContent.trim()]
    const [by] = at.getAttribute('aria-describedby').split(' ')
    const words = page.getElementById(by)?.textContent.trim()
    must(words && at.form.contains(page.getElementById(by)), 'has no words at the field')
    const link = [...box.querySelectorAll('a')].find((each) => {
      const field = page.getElementById(each.hash.slice(1))
      return field?.getAttribute('aria-describedby')?.split(' ').includes(by)
    })
    must(link?.textContent.trim() === words, 'has no link that leads to it')
    must(page.title.startsWith(title), 'is not in the title')
    must(box.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING, 'is told too late')
    for (let up = at.closest('details'); up; up = up.parentElement.closest('details')) {
      must(up.open, 'is folded away')
    }
    must(kindOf(at.form) === kindOf(form), 'is marked in another form')
    for (const each of fieldsOf(at.form)) {
      const sent = data.get(each.name)
      const cannotHold = each.type === 'password' || each.type === 'file' || sent === '' ||
        (each.name === name && (/^date/.test(each.type) || each.localName === 'select'))
      must(cannotHold || each.value === sent, 'leaves of ' + each.name + ': ' + each.value)
    }
    const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id)
    must(new Set(ids).size === ids.length, 'has an id twice')
    return problems
  }`
