import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { toDisk } from '../operations/data-files.ts'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/**
 * Encrypts secrets of second factors by AES-256-GCM, each for its account alone. The key is a file
 * of its own beside the database, in no backup: who has the database has no second factor.
 */
export class PeopleKey {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** The key is made when it is first needed. */
  seal(account: string, secret: Buffer): Buffer {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#readOrMake(), nonce)
    cipher.setAAD(Buffer.from(account))
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  }

  /** Null where the key is gone, or another one, or the secret is of another account. */
  open(account: string, sealed: Buffer): Buffer | null {
    const key = this.#read()
    if (!key) return null
    try {
      const nonce = sealed.subarray(0, nonceBytes)
      const options = { authTagLength: tagBytes }
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, options)
      decipher.setAAD(Buffer.from(account))
      decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
      const rest = sealed.subarray(nonceBytes + tagBytes)
      return Buffer.concat([decipher.update(rest), decipher.final()])
    } catch {
      return null // what was changed and what another key made look the same
    }
  }

  #read(): Buffer | null {
    if (!existsSync(this.#file)) return null
    const key = readFileSync(this.#file)
    return key.length === keyBytes ? key : null
  }

  #readOrMake(): Buffer {
    const known = this.#read()
    if (known) return known
    const key = randomBytes(keyBytes)
    writeFileSync(`${this.#file}.new`, key, { mode: 0o600, flush: true })
    renameSync(`${this.#file}.new`, this.#file)
    toDisk(dirname(this.#file))
    return key
  }
}
