import { limits } from '../protocol/limits.ts'
import { dayMs, type EpochMs } from '../protocol/time.ts'
import { type Signer, signerOf } from './identity.ts'
import { installKey, missing, readKey } from './key-files.ts'
import type { Place } from './spool-row.ts'

/** Which key signs what. Kept in the spool, so that it never differs from the messages there. */
export type KeyState = {
  /** Signs all that comes behind `rotation`. */
  readonly kid: string
  /** When it was taken into use; null for the key of the enrolment. */
  readonly since: EpochMs | null
  /** The message that brought it, itself signed by the key before. */
  readonly rotation: (Place & { readonly before: string; readonly isPending: boolean }) | null
  /** When the collector last refused a new key. */
  readonly refusedAt: EpochMs | null
}

/** A collector that refused a new key may be of an older version: it is asked again after this. */
const refusedMs = 30 * dayMs

/** The agent's keys: the one in use, one that is to come or went before, and who knows which. */
export class Keyring {
  readonly #signers: Signer[]
  readonly #install: (kid: string) => void
  #state: KeyState
  #known: Signer

  /** The first signer is the one in use unless `state` names another. */
  constructor(
    signers: readonly [Signer, ...Signer[]],
    state: KeyState | null,
    install: (kid: string) => void = () => {},
  ) {
    this.#signers = [...signers]
    this.#install = install
    this.#state = state ?? { kid: signers[0].kid, since: null, rotation: null, refusedAt: null }
    const { rotation, kid } = this.#state
    this.#known = this.#signer(rotation?.isPending ? rotation.before : kid)
  }

  get state(): KeyState {
    return this.#state
  }

  /** The key that the collector is taken to know: until it confirms a new one, the old one. */
  get known(): Signer {
    return this.#known
  }

  /** Who signs in a place of the stream: what stands before a rotation is the old key's. */
  signerAt({ epoch, seq }: Place): Signer {
    const { kid, rotation } = this.#state
    const isBefore =
      rotation && (epoch < rotation.epoch || (epoch === rotation.epoch && seq <= rotation.seq))
    return this.#signer(isBefore ? rotation.before : kid)
  }

  /**
   * The collector denied the key it was taken to know: another is tried at the next turn, as an
   * answer may have been lost, or the collector may have been restored to before a rotation.
   */
  tryAnother(): void {
    const next = (this.#signers.indexOf(this.#known) + 1) % this.#signers.length
    this.#known = this.#signers[next] ?? this.#known
  }

  /** The state once a rotation message for a new key stands in its place. */
  rotated(key: Signer, { epoch, seq }: Place, since: EpochMs): KeyState {
    const rotation = { epoch, seq, before: this.#state.kid, isPending: true }
    return { kid: key.kid, since, rotation, refusedAt: null }
  }

  /** The state once the collector confirmed the rotation in a place. */
  confirmed(place: Place): KeyState {
    const { rotation } = this.#state
    if (!rotation || !isSamePlace(rotation, place)) return this.#state
    return { ...this.#state, rotation: { ...rotation, isPending: false } }
  }

  /** The state once the collector refused the rotation in a place: the old key stays. */
  refused(place: Place, refusedAt: EpochMs): KeyState {
    const { rotation } = this.#state
    if (!rotation || !isSamePlace(rotation, place)) return this.#state
    return { kid: rotation.before, since: null, rotation: null, refusedAt }
  }

  /** The state once a new epoch begins: with the key that the collector just answered to. */
  opened(since: EpochMs): KeyState {
    const { kid } = this.#known
    if (kid === this.#state.kid) return { ...this.#state, rotation: null }
    return { kid, since, rotation: null, refusedAt: null }
  }

  /** Takes over a state that is on disk now; `added` is a key it names for the first time. */
  take(state: KeyState, added?: Signer): void {
    if (added) this.#signers.push(added)
    const isSettled = !state.rotation?.isPending
    this.#state = state
    if (!isSettled) return
    this.#known = this.#signer(state.kid)
    this.#install(state.kid)
  }

  /** A key that is gone signed long ago only; what is signed now in its place needs some key. */
  #signer(kid: string): Signer {
    const { kid: current } = this.#state
    const found = (wanted: string) => this.#signers.find((each) => each.kid === wanted)
    const signer = found(kid) ?? found(current)
    if (!signer) throw new Error('The key in use is not among the keys.')
    return signer
  }
}

/**
 * The keys of a folder. What a crash left half done is completed here: the spool's state says
 * which key is in use. Throws AgentError when the key it names is not there.
 */
export function openKeyring(dir: string, state: KeyState | null): Keyring {
  if (state && !state.rotation?.isPending) installKey(dir, state.kid)
  const signers: Signer[] = []
  for (const role of ['current', 'next', 'previous'] as const) {
    const key = readKey(dir, role)
    if (!key && role === 'current') throw missing(dir)
    const signer = key && signerOf(key)
    if (signer && signers.every(({ kid }) => kid !== signer.kid)) signers.push(signer)
  }
  const [current, ...others] = signers
  const isThere = !state || signers.some(({ kid }) => kid === state.kid)
  if (!current || !isThere) throw missing(dir)
  return new Keyring([current, ...others], state, (kid) => installKey(dir, kid))
}

/** Whether the key is so old that a new one should take over. */
export function isRotationDue(state: KeyState, enrolledAt: EpochMs, now: EpochMs): boolean {
  const { since, rotation, refusedAt } = state
  if (rotation?.isPending || (refusedAt !== null && now - refusedAt < refusedMs)) return false
  return now - (since ?? enrolledAt) > limits.keyAgeMsMax
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.epoch === b.epoch && a.seq === b.seq
}
