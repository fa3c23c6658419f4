import { AppError } from '../../error.ts'

/** Whether a text as a whole is of a pattern. */
export type Pattern = (text: string) => boolean

/** From the places of a text that a part of a pattern may start at to those it may end at. */
type Part = (text: string, from: ReadonlySet<number>) => Set<number>
type Character = (character: string) => boolean

/** Groups inside groups. */
const depthMax = 8
const classes: Readonly<Record<string, Character>> = {
  d: (character) => /^\d$/.test(character),
  w: (character) => /^\w$/.test(character),
  s: (character) => /^\s$/.test(character),
}

/**
 * Reads a regular expression of PromQL, as far as people and Grafana write them: text, `.`, `|`,
 * groups, classes, `*`, `+`, `?`. Follows all ways at once, so that no expression takes longer than
 * its length times that of the text: JavaScript's own engine can take years. Throws AppError
 * `invalid`.
 */
export function patternOf(source: string): Pattern {
  const parser = new Parser(source)
  const whole = parser.alternatives(0)
  parser.end()
  return (text) => whole(text, new Set([0])).has(text.length)
}

class Parser {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  end(): void {
    if (this.#at < this.#source.length) throw refusal('it closes a group that it does not open')
  }

  alternatives(depth: number): Part {
    if (depth > depthMax) throw refusal(`it has more than ${depthMax} groups inside each other`)
    const parts = [this.#sequence(depth)]
    while (this.#takes('|')) parts.push(this.#sequence(depth))
    return (text, from) => new Set(parts.flatMap((part) => [...part(text, from)]))
  }

  #sequence(depth: number): Part {
    const parts: Part[] = []
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at]!)) {
      parts.push(this.#repeated(this.#atom(depth)))
    }
    return (text, from) => parts.reduce((at, part) => part(text, at), new Set(from))
  }

  #repeated(part: Part): Part {
    if (this.#takes('{')) throw refusal('it counts repetitions')
    const isMany = this.#takes('*')
    const isSome = !isMany && this.#takes('+')
    const isMaybe = !isMany && !isSome && this.#takes('?')
    // Which of several ways is tried first is all that a second one would say.
    if (isMany || isSome || isMaybe) this.#takes('?')
    if (isMany) return (text, from) => closure(part, text, from)
    if (isSome) return (text, from) => closure(part, text, part(text, from))
    if (isMaybe) return (text, from) => part(text, from).union(from)
    return part
  }

  #atom(depth: number): Part {
    const character = this.#next()
    if (character === '(') return this.#group(depth)
    if (character === '[') return one(this.#class())
    if (character === '.') return one((each) => each !== '\n')
    if (character === '\\') return one(this.#escaped())
    if (/[*+?^${}]/.test(character)) throw refusal(`it has \`${character}\` out of place`)
    return one((each) => each === character)
  }

  #group(depth: number): Part {
    if (this.#takes('?') && !this.#takes(':')) throw refusal('it sets flags or names a group')
    const part = this.alternatives(depth + 1)
    if (!this.#takes(')')) throw refusal('it does not close a group')
    return part
  }

  #class(): Character {
    const isNegated = this.#takes('^')
    const members: Character[] = []
    while (members.length === 0 || !this.#takes(']')) {
      const first = this.#next()
      if (first === '\\') members.push(this.#escaped())
      else if (first === '[') throw refusal('it has a class inside a class')
      else members.push(this.#range(first))
    }
    return (character) => members.some((member) => member(character)) !== isNegated
  }

  #range(first: string): Character {
    const isRange = this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']'
    if (!isRange) return (character) => character === first
    this.#at++
    const last = this.#next()
    if (last < first) throw refusal('it has a range from a later to an earlier character')
    return (character) => first <= character && character <= last
  }

  #escaped(): Character {
    const character = this.#next()
    const found = classes[character]
    if (found) return found
    if (/[A-Za-z0-9]/.test(character)) throw refusal(`it has \`\\${character}\``)
    return (each) => each === character
  }

  #next(): string {
    const character = this.#source[this.#at++]
    if (character === undefined) throw refusal('it ends too early')
    return character
  }

  #takes(character: string): boolean {
    const isHere = this.#source[this.#at] === character
    if (isHere) this.#at++
    return isHere
  }
}

function one(fits: Character): Part {
  return (text, from) => {
    const ends = new Set<number>()
    for (const at of from) if (at < text.length && fits(text[at]!)) ends.add(at + 1)
    return ends
  }
}

/** All that can be reached by a part any number of times. */
function closure(part: Part, text: string, from: ReadonlySet<number>): Set<number> {
  const reached = new Set(from)
  for (let newest = reached; newest.size > 0; ) {
    newest = part(text, newest).difference(reached)
    for (const at of newest) reached.add(at)
  }
  return reached
}

function refusal(why: string): AppError {
  const allowed = 'text, `.`, `|`, groups, classes, `*`, `+` and `?`'
  return new AppError('invalid', `A regular expression is not understood: ${why}. Use ${allowed}.`)
}
