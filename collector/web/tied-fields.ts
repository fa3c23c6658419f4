import { html } from './html.ts'
import type { Language } from './language.ts'
import { answerId } from './parts/refusal.ts'
import { refusedTexts } from './texts/refused.ts'

/** Markup of `html` only: values stand in double quotes and hold no bracket, forms hold no form. */
const box = new RegExp(`<div class="wrong" id="${answerId}".*?</div>`, 's')
const sentences = /<(p|li) data-fields="([^"]*)">(.*?)<\/\1>/gs
const forms = /<form\b[^>]*>.*?<\/form>/gs
const controls =
  /<(input|select|textarea)\b([^>]*)>(?:(?<=<(?:select|textarea)\b[^>]*>).*?<\/\1>)?/gs
const buttons = /<button\b([^>]*)>/g

/**
 * The page of a refused form with each sentence of the refusal said again at its fields, which are
 * marked as invalid, and with links from the refusal to them. Which form it was is told by what
 * was sent. A page without a refusal stays as it is.
 */
export function tieFields(page: string, sent: URLSearchParams, language: Language): string {
  const [refusal] = box.exec(page) ?? []
  if (refusal === undefined) return page
  const title = html`<title>${refusedTexts.title[language]} – `.text
  const titled = page.replace('<title>', () => title)
  const wrong = [...refusal.matchAll(sentences)].flatMap(([, , names = '']) => names.split(' '))
  const [form] = (page.match(forms) ?? [])
    .filter((each) => isSent(each, sent))
    .filter((each) => fieldsIn(each).some(({ name }) => wrong.includes(name)))
    .sort((a, b) => strangers(a, sent) - strangers(b, sent))
  if (form === undefined) return titled
  const { summary, marked } = tied(refusal, form)
  return titled.replace(refusal, () => summary).replace(form, () => marked)
}

type Field = { readonly name: string; readonly id: string }

/** What can be filled in: hidden fields are not, and what has no id cannot be pointed at. */
function fieldsIn(form: string): Field[] {
  return [...form.matchAll(controls)].flatMap(([, , attributes = '']) => {
    const [name, id] = [attribute(attributes, 'name'), attribute(attributes, 'id')]
    return name !== null && id !== null ? [{ name, id }] : []
  })
}

function attribute(attributes: string, name: string): string | null {
  return new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? null
}

/** Whether it was this form that was sent: with what is hidden in it, and by one of its buttons. */
function isSent(form: string, sent: URLSearchParams): boolean {
  const value = (name: string) => html`${sent.get(name)}`.text
  const hidden = [...form.matchAll(controls)].filter(([, , attributes = '']) => {
    return attribute(attributes, 'type') === 'hidden'
  })
  const acts = [...form.matchAll(buttons)].flatMap(([, attributes = '']) => {
    return attribute(attributes, 'name') === 'act' ? [attribute(attributes, 'value')] : []
  })
  const isHidden = hidden.every(([, , attributes = '']) => {
    return attribute(attributes, 'value') === value(attribute(attributes, 'name') ?? '')
  })
  return isHidden && (acts.length === 0 || acts.includes(value('act')))
}

/** How much was sent that the form has no field for: nothing, if it was this one. */
function strangers(form: string, sent: URLSearchParams): number {
  const known = [...form.matchAll(controls)].map(([, , attributes = '']) =>
    attribute(attributes, 'name'),
  )
  return [...sent.keys()].filter((name) => name !== 'act' && !known.includes(name)).length
}

/** The refusal with links to the fields, and the form with the sentences at them. */
function tied(refusal: string, form: string): { summary: string; marked: string } {
  const fields = fieldsIn(form)
  const idsOf = new Map<string, string[]>()
  const wordsAt = new Map<string, string>()
  let n = 0
  const summary = refusal.replace(sentences, (all, tag: string, names: string, words: string) => {
    const found = fields.filter(({ name }) => names.split(' ').includes(name))
    const [first] = found
    if (!first) return all
    const id = `wrong-${++n}`
    for (const { name } of found) idsOf.set(name, [...(idsOf.get(name) ?? []), id])
    const span = `<span class="wrong" id="${id}">${words}</span>`
    wordsAt.set(first.name, (wordsAt.get(first.name) ?? '') + span)
    return `<${tag}><a href="#${first.id}">${words}</a></${tag}>`
  })
  const marked = form.replace(controls, (control: string, tag: string, attributes: string) => {
    const name = attribute(attributes, 'name') ?? ''
    const ids = attribute(attributes, 'id') === null ? undefined : idsOf.get(name)
    if (!ids) return control
    const told = [...ids, ...(attribute(attributes, 'aria-describedby')?.split(' ') ?? [])]
    const others = attributes.replaceAll(/\s+aria-(invalid|describedby)="[^"]*"/g, '')
    const aria = ` aria-invalid="true" aria-describedby="${told.join(' ')}"`
    const rest = control.slice(tag.length + 1 + attributes.length)
    return `<${tag}${others}${aria}${rest}${wordsAt.get(name) ?? ''}`
  })
  return { summary, marked }
}
