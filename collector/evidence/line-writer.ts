import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

const chunkCharacters = 1024 * 1024

/** Writes JSON Lines with little memory; the file has its name only once it is whole. */
export class LineWriter {
  readonly #file: string
  readonly #partial: string
  readonly #descriptor: number
  #waiting: string[] = []
  #characters = 0
  lines = 0

  constructor(file: string) {
    this.#file = file
    this.#partial = `${file}.partial`
    this.#descriptor = openSync(this.#partial, 'w', 0o600)
  }

  write(value: object): void {
    const line = JSON.stringify(value)
    this.lines++
    this.#waiting.push(line)
    this.#characters += line.length
    if (this.#characters >= chunkCharacters) this.#flush()
  }

  /** Puts the file under its name. */
  finish(): void {
    this.#flush()
    fsyncSync(this.#descriptor)
    closeSync(this.#descriptor)
    renameSync(this.#partial, this.#file)
  }

  /** Removes what was written. */
  abandon(): void {
    closeSync(this.#descriptor)
    rmSync(this.#partial, { force: true })
  }

  #flush(): void {
    if (this.#waiting.length > 0) writeAll(this.#descriptor, `${this.#waiting.join('\n')}\n`)
    this.#waiting = []
    this.#characters = 0
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done)
}
