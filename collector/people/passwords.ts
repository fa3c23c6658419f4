import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { AppError } from '../error.ts'

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** Characters of a password. */
export const passwordLengthMin = 12
export const passwordLengthMax = 128
/** Characters that are not the account's id. */
const othersMin = 6
/** Different characters. */
const differentMin = 5

/** What is tried first, of those that are long enough. */
const common = [
  '0123456789',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'abcdefghijkl',
  'administrator',
  'changeme',
  'iloveyou',
  'istimrar',
  'letmein',
  'password',
  'passw0rd',
  'p@ssw0rd',
  'qwertyuiop',
  'qwerty',
  'welcome',
  'zaq12wsx',
]

/**
 * Throws AppError `invalid`, with the rule it breaks as detail. What is common stays so with some
 * digits or signs behind it, and twice.
 */
export function requirePassword(password: string, id: string): void {
  const refuse = (rule: string, message: string) => {
    throw new AppError('invalid', message, { detail: { rule } })
  }
  const { length } = [...password]
  if (length < passwordLengthMin || length > passwordLengthMax) {
    refuse('length', `A password has ${passwordLengthMin} to ${passwordLengthMax} characters.`)
  }
  const plain = password.normalize('NFKC').toLowerCase()
  if (id.length > 2 && plain.includes(id) && plain.replaceAll(id, '').length < othersMin) {
    refuse('name', 'A password is not the name of the account.')
  }
  const isCommon = common.some((each) => {
    return plain.startsWith(each) && /^[^\p{L}]*$/u.test(plain.replaceAll(each, ''))
  })
  if (isCommon || new Set(plain).size < differentMin) {
    refuse('common', 'This password is among the first that are guessed. Choose another.')
  }
}

/** What a hash costs: memory is 128 * 2^memory * 8 bytes. */
export type PasswordCost = { readonly memory: number; readonly passes: number }

/**
 * 32 MiB and three passes:
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const defaultCost: PasswordCost = { memory: 15, passes: 3 }

const blockSize = 8
const hashBytes = 32
/** Hashes made at the same moment, and how many may wait: each takes memory and a core. */
const atOnceMax = 2
const waitingMax = 40

/** Salted hashes of passwords by scrypt, `scrypt$memory$passes$salt$hash`. */
export class Passwords {
  readonly #cost: PasswordCost
  /** What is compared where there is none, so that this takes as long. */
  readonly #nobodys: string
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(cost: PasswordCost = defaultCost) {
    this.#cost = cost
    this.#nobodys = textOf(cost, randomBytes(16), randomBytes(hashBytes))
  }

  /** Throws AppError `too_many` while too many wait. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16)
    return textOf(this.#cost, salt, await this.#derive(password, salt, this.#cost))
  }

  /** Whether it is the one that was hashed; where there is none it is wrong, as slowly. */
  async matches(password: string, stored: string | null): Promise<boolean> {
    const [, memory, passes, salt = '', hash = ''] = (stored ?? this.#nobodys).split('$')
    const cost = { memory: Number(memory), passes: Number(passes) }
    const made = await this.#derive(password, Buffer.from(salt, 'base64url'), cost)
    const isSame = timingSafeEqual(made, Buffer.from(hash, 'base64url'))
    return isSame && stored !== null
  }

  async #derive(password: string, salt: Buffer, { memory, passes }: PasswordCost) {
    await this.#turn()
    try {
      const N = 2 ** memory
      const maxmem = 256 * N * blockSize
      const options = { N, r: blockSize, p: passes, maxmem }
      return await derive(password.normalize('NFC'), salt, hashBytes, options)
    } finally {
      // Whoever waits goes on in this one's place.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < atOnceMax) {
      this.#running++
      return
    }
    if (this.#waiting.length >= waitingMax) {
      const message = 'Too many people sign in at this moment. Try again.'
      throw new AppError('too_many', message, { detail: { retryAfterSeconds: 10 } })
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    await promise
  }
}

function textOf({ memory, passes }: PasswordCost, salt: Buffer, hash: Buffer): string {
  return `scrypt$${memory}$${passes}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}
