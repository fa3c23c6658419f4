import { isIPv6 } from 'node:net'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'

/** Failed attempts at once after a rest, and how long until there is one more. */
type Allowance = { readonly burst: number; readonly everyMs: number }

/** Of one account: 10, then one a minute. */
const perAccount: Allowance = { burst: 10, everyMs: 60_000 }
/** Of one address, behind which a whole institution may sit: 30, then one in ten seconds. */
const perAddress: Allowance = { burst: 30, everyMs: 10_000 }
/** Accounts and addresses told apart; beyond, those that come new share one allowance. */
const toldApartMax = 10_000

type Bucket = { spent: number; at: EpochMs }

/**
 * How often signing in may fail, by account and by address. Accounts that are not there have an
 * allowance like all others, so that being limited tells nothing.
 */
export class Attempts {
  readonly #now: () => EpochMs
  readonly #buckets = new Map<string, Bucket>()

  constructor(now: () => EpochMs) {
    this.#now = now
  }

  /**
   * Takes one attempt, before it is looked at; what it answers gives it back. Throws AppError
   * `too_many` with `retryAfterSeconds`.
   */
  take(account: string | null, from: string): () => void {
    const asked: [Bucket, Allowance][] = [[this.#bucket(`from ${networkOf(from)}`), perAddress]]
    if (account !== null) asked.push([this.#bucket(`account ${account}`), perAccount])
    const waits = asked.map(([{ spent }, { burst, everyMs }]) => (spent + 1 - burst) * everyMs)
    const waitMs = Math.max(...waits)
    if (waitMs > 0) {
      const retryAfterSeconds = Math.ceil(waitMs / 1000)
      const message = 'Too many attempts to sign in. Try again later.'
      throw new AppError('too_many', message, { detail: { retryAfterSeconds } })
    }
    for (const [bucket] of asked) bucket.spent++
    return () => {
      for (const [bucket] of asked) bucket.spent = Math.max(0, bucket.spent - 1)
    }
  }

  #bucket(key: string): Bucket {
    const now = this.#now()
    if (!this.#buckets.has(key) && this.#buckets.size >= toldApartMax) {
      this.#forgetRested(now)
      if (this.#buckets.size >= toldApartMax) return this.#bucket(othersOf(key))
    }
    const bucket = this.#buckets.get(key) ?? { spent: 0, at: now }
    rest(bucket, allowanceOf(key), now)
    this.#buckets.set(key, bucket)
    return bucket
  }

  #forgetRested(now: EpochMs): void {
    for (const [key, bucket] of this.#buckets) {
      rest(bucket, allowanceOf(key), now)
      // Those that many share stay, so that there is always room for them.
      if (bucket.spent === 0 && key !== othersOf(key)) this.#buckets.delete(key)
    }
  }
}

function rest(bucket: Bucket, { everyMs }: Allowance, now: EpochMs): void {
  const back = Math.max(0, now - bucket.at) / everyMs
  bucket.spent = Math.max(0, bucket.spent - back)
  bucket.at = now
}

function allowanceOf(key: string): Allowance {
  return key.startsWith('account') ? perAccount : perAddress
}

/** What those share that come when too many are told apart. */
function othersOf(key: string): string {
  return key.startsWith('account') ? 'account' : 'from'
}

/** An address as far as one sender has it: all of IPv4, the first half of IPv6. */
function networkOf(address: string): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (v4 !== undefined || !isIPv6(address)) return v4 ?? address
  const [head = '', tail] = address.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  const gap = tail === undefined ? [] : Array(Math.max(0, 8 - first.length - last.length)).fill('0')
  return [...first, ...gap, ...last].slice(0, 4).join(':')
}
