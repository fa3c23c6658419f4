const inputsMax = 500
const tagCharactersMax = 4_096

/**
 * The value of the first hidden input with this name on a page, or null. No parser of HTML: it
 * looks at `<input>` tags one after another, at so many and so long ones at most, so that a
 * hostile page costs no time.
 */
export function hiddenField(page: string, name: string): string | null {
  const opening = /<input(?=[\s/])/gi
  for (let count = 0; count < inputsMax; count += 1) {
    const found = opening.exec(page)
    if (!found) return null
    const from = found.index + '<input'.length
    const attributes = readTag(page.slice(from, from + tagCharactersMax))
    if (attributes.get('type')?.toLowerCase() !== 'hidden') continue
    if (attributes.get('name') === name) return attributes.get('value') ?? ''
  }
  return null
}

/** Attributes up to the end of the tag; the first of a name counts. */
function readTag(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  const attribute = /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/y
  for (let match = attribute.exec(text); match; match = attribute.exec(text)) {
    const [, name = '', ...values] = match
    const value = values.find((each) => each !== undefined) ?? ''
    const key = name.toLowerCase()
    if (!attributes.has(key)) attributes.set(key, decoded(value))
  }
  return attributes
}

const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
}

function decoded(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex, digits, name) => {
      if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? whole) : whole
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
