/** Markup that is safe to send as it is: only `html` makes it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template: text is escaped, markup is not, nothing prints as nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[]

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function markup(content: Content): string {
  if (content instanceof Html) return content.text
  if (Array.isArray(content)) return content.map(markup).join('')
  if (content === null || content === undefined || content === false) return ''
  return String(content).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** Template tag for markup. Attribute values must stand in double quotes. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Html {
  let text = ''
  parts.forEach((part, i) => {
    text += part + markup(contents[i])
  })
  return new Html(text)
}
