import type { EpochMs } from '../../protocol/time.ts'

/**
 * `waiting` until it was taken; `refused`: the receiver does not want this body; `given_up`: not
 * taken for a day; `dropped`: too many waited, or its hook is configured no more.
 */
export const deliveryStates = ['waiting', 'delivered', 'refused', 'given_up', 'dropped'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** One event on its way to one hook. */
export type Delivery = {
  /** Grows by one with each. */
  readonly number: number
  readonly hook: string
  readonly event: string
  readonly type: string
  readonly institution: string | null
  readonly state: DeliveryState
  readonly madeAt: EpochMs
  readonly attempts: number
  /** When it was last tried, and what came of that. */
  readonly triedAt: EpochMs | null
  readonly status: number | null
  readonly problem: string | null
  /** Not tried again before. */
  readonly nextAt: EpochMs
}

/** What of a delivery is new. */
export type NewDelivery = Pick<Delivery, 'hook' | 'event' | 'type' | 'institution'> & {
  readonly body: string
}

/** What an attempt came to. */
export type Outcome = Pick<Delivery, 'state' | 'status' | 'problem' | 'nextAt'> & {
  readonly triedAt: EpochMs
}

export type DeliveryQuery = {
  readonly hook?: string | undefined
  readonly state?: DeliveryState | undefined
  /** Only those before this number. */
  readonly before?: number | undefined
  readonly limit: number
}

export type HookCounts = Readonly<Record<DeliveryState, number>>

/** What became of attempts and of events since the start; `failed` ones are tried again. */
export const hookOutcomes = ['delivered', 'failed', 'refused', 'given_up', 'dropped'] as const

/** How a hook stands, for `/metrics`. */
export type HookFigures = {
  readonly hook: string
  readonly outcomes: Readonly<Record<(typeof hookOutcomes)[number], number>>
  readonly waiting: number
  /** How long the oldest event has waited; 0 where none does. */
  readonly oldestWaitingMs: number
}
