import { states } from '../../../protocol/check.ts'
import { causes } from '../../kpi/causes.ts'
import { type Piece, pieceFlags } from '../../kpi/environment-day.ts'

/** A piece as a row of numbers: what most pieces lack stands last and is left out. -1: none. */
type Packed = [
  from: number,
  to: number,
  state: number,
  flags?: number,
  cause?: number,
  excluded?: number,
  dispute?: string,
  was?: number,
]

const exclusions = ['maintenance', 'centre'] as const

/** The pieces of a day as the text that is stored of them. */
export function packedPieces(pieces: readonly Piece[]): string {
  return JSON.stringify(pieces.map(packed))
}

/** The pieces of a day from what was stored of them. */
export function unpackedPieces(text: string): Piece[] {
  return (JSON.parse(text) as Packed[]).map(unpacked)
}

function packed({ from, to, state, flags = [], cause, excluded, disputed }: Piece): Packed {
  const head = [from, to, states.indexOf(state)] as const
  const mask = flags.reduce((all, flag) => all | (1 << pieceFlags.indexOf(flag)), 0)
  const why = [mask, at(causes, cause)] as const
  const exclusion = at(exclusions, excluded)
  if (disputed) return [...head, ...why, exclusion, disputed.id, states.indexOf(disputed.was)]
  if (excluded) return [...head, ...why, exclusion]
  if (cause) return [...head, ...why]
  return mask === 0 ? [...head] : [...head, mask]
}

function at<T>(names: readonly T[], name: T | undefined): number {
  return name === undefined ? -1 : names.indexOf(name)
}

function unpacked([from, to, state, mask = 0, cause, excluded, id, was]: Packed): Piece {
  const exclusion = exclusions[excluded ?? -1]
  const reason = causes[cause ?? -1]
  return {
    from,
    to,
    state: states[state]!,
    ...(mask > 0 && { flags: flagsByMask[mask]! }),
    ...(reason && { cause: reason }),
    ...(exclusion && { excluded: exclusion }),
    ...(id !== undefined && { disputed: { id, was: states[was!]! } }),
  }
}

// Held for as long as the ledgers are: equal lists are one list.
const flagsByMask = Array.from({ length: 1 << pieceFlags.length }, (_, mask) =>
  pieceFlags.filter((_flag, bit) => mask & (1 << bit)),
)
