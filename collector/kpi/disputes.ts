import type { Span } from '../../protocol/time.ts'
import type { Cause } from './causes.ts'
import type { Piece } from './environment-day.ts'
import { cutBy } from './timeline.ts'

/** What an evaluator decided of a stretch of time; a null cause leaves what evidence says. */
export type DecidedSpan = Span & {
  readonly id: string
  readonly state: 'up' | 'down' | 'unknown'
  readonly cause: Cause | null
}

/**
 * Pieces as they stand after decided disputes; where two overlap, the later in the list counts.
 * What was observed stays in `disputed.was`, and so does what the time rests on. Source:
 * docs/methodology.md §5.
 */
export function applyDecided(pieces: readonly Piece[], decided: readonly DecidedSpan[]): Piece[] {
  let result = [...pieces]
  for (const dispute of decided) {
    result = result.flatMap((piece) =>
      cutBy(piece, [dispute]).map(({ inside, ...part }) =>
        inside ? decidedPiece(part, dispute) : part,
      ),
    )
  }
  return result
}

function decidedPiece({ cause: observed, ...piece }: Piece, dispute: DecidedSpan): Piece {
  const { id, state } = dispute
  const disputed = { id, was: piece.disputed?.was ?? piece.state }
  if (state === 'up') return { ...piece, state, disputed }
  const cause = dispute.cause ?? observed ?? (state === 'down' ? 'service' : 'agent')
  return { ...piece, state, cause, disputed }
}
