import type { Said } from '../language.ts'
import type { ProbeKind } from '../probes/all.ts'

/** A check that the machine seems to deserve. */
export type Proposal = {
  readonly name: string
  readonly kind: ProbeKind
  readonly settings: Readonly<Record<string, Scalar | readonly Scalar[]>>
  /** Time between looks, where the usual one does not suit. */
  readonly interval?: string
  /** One line for the reader of the file. */
  readonly comment: Said
  /** True when it fails now or may soon be gone: written as a comment, for the reader to decide. */
  readonly declined?: boolean
}
export type Scalar = string | number | boolean

/** Makes an id of any text: `/var/lib` is `var-lib`; empty when nothing is left. */
export function toId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '')
}

/** Gives names that are taken a number, so that each is there once. */
export function withUniqueNames(proposals: readonly Proposal[]): Proposal[] {
  const taken = new Set<string>()
  return proposals.map((proposal) => {
    let { name } = proposal
    for (let number = 2; taken.has(name); number++) name = `${proposal.name}-${number}`
    taken.add(name)
    return { ...proposal, name }
  })
}
