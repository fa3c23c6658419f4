import { sha256 } from '../../protocol/jws.ts'
import { type Frontier, leafHash, rootOf } from '../../protocol/merkle.ts'
import {
  isMessageKind,
  type LeafKind,
  type LeafRow,
  livenessHoleMs,
  type MessageKind,
  type StoredMessage,
} from '../store/logs.ts'
import type { FoldTarget } from '../store/refolded.ts'
import { Broken, type Claims, requireSigned } from './claims.ts'
import type { HashLine, Header, LeafLine } from './export-format.ts'
import { BadLeaf, datingOfEntry, entryOf, Fold } from './fold.ts'
import { KeyHistory } from './key-history.ts'
import { nationalLog } from './leaf.ts'
import { CutShort } from './line-reader.ts'
import { checkpointIn, Unreadable } from './outside.ts'
import { PlaceBook } from './place-book.ts'
import { readLine } from './read-line.ts'
import { type OfWitness, witnessOf } from './witnesses.ts'

/** What was counted on the way. */
export type Tally = {
  leaves: number
  messages: number
  /** Of these, witnesses'. */
  witnessMessages: number
  /** Batches by how well their time is known. */
  timeClasses: Record<'A' | 'B' | 'C', number>
  /** Checkpoints that the file itself holds. */
  checkpoints: number
  /** Days on which the national log named the size and root of the institution's log. */
  commitments: number
  /** National leaves of which the file holds the hash alone, or not the message. */
  withheld: number
}

/** Trees kept to compare what a commitment names: it may be older by what arrived meanwhile. */
const recentMax = 1_000

/** Checks the lines of an export one after another. */
export class LeafCheck {
  readonly tally: Tally = {
    leaves: 0,
    messages: 0,
    witnessMessages: 0,
    timeClasses: { A: 0, B: 0, C: 0 },
    checkpoints: 0,
    commitments: 0,
    withheld: 0,
  }
  readonly keys: KeyHistory
  readonly places = new PlaceBook()
  /** Whose leaves are set aside: they must be witnesses of others. */
  readonly aside: OfWitness[] = []
  /** Of the nation's evidence: the last that the log said of each institution's. */
  readonly committed = new Map<string, { readonly size: number; readonly root: string }>()
  readonly #institution: string
  readonly #sizes: Header['sizes']
  readonly #fold: Fold
  readonly #claims: Claims
  /** By size, the last ones round and round. */
  readonly #recent: Frontier[] = []
  /** The size of each log up to which a checkpoint or a commitment was found true. */
  readonly #held = new Map<string, number>()
  /** The size of each log at its last checkpoint in the file. */
  readonly #signed = new Map<string, number>()
  #lastLivenessAt = Number.POSITIVE_INFINITY
  #withheldSince = 0
  #position = 0
  #end: { readonly lines: number } | null = null

  constructor({ institution, logKey, sizes }: Header, target: FoldTarget, claims: Claims) {
    this.#institution = institution
    this.#sizes = sizes
    this.#fold = new Fold(target)
    this.#claims = claims
    this.keys = new KeyHistory(logKey)
  }

  sizeOf(log: string): number {
    return this.#fold.tree(log).size
  }

  /** The root of a log so far, hexadecimal. */
  rootOf(log: string): string {
    return rootOf(this.#fold.tree(log)).toString('hex')
  }

  /** Takes the next line. Throws BadLeaf, Broken. */
  async line(parsed: unknown, number: number): Promise<void> {
    if (this.#end) throw new Broken(`line ${number}: it stands after the end`)
    const { is, value } = readLine(parsed, number)
    if (is === 'end') this.#end = value.end
    else if (is === 'checkpoint') this.#checkpoint(value.checkpoint, number)
    else {
      const { log, index } = value
      const isHere = log === nationalLog || log === this.#institution
      if (!isHere) throw new BadLeaf(value, 'the log has no place in this file')
      if (index !== this.sizeOf(log)) {
        throw new BadLeaf(value, `leaf ${this.sizeOf(log)} was to come here`)
      }
      if (is === 'leaf') await this.#leaf(value)
      else this.#hash(value)
      this.tally.leaves++
      this.#claims.reach(log, this.#fold.tree(log))
    }
  }

  /** After the last line. Throws CutShort, Broken. */
  finish(lines: number): void {
    if (!this.#end) throw new CutShort('The file has no end: it was cut short.')
    if (this.#end.lines !== lines)
      throw new Broken('the file does not have as many lines as it says')
    for (const [log, size] of Object.entries(this.#sizes)) {
      if (size !== this.sizeOf(log)) {
        throw new Broken(`${log}: the file says ${size} leaves and has ${this.sizeOf(log)}`)
      }
    }
    for (const log of [nationalLog, this.#institution]) {
      if (this.#signed.get(log) === this.sizeOf(log)) continue
      throw new Broken(`${log}: no checkpoint in the file covers its last leaves`)
    }
    this.#fold.flush()
  }

  async #leaf(line: LeafLine): Promise<void> {
    if (line.aside) {
      this.#setAside(line)
      return
    }
    const leaf = leafOf(line, ++this.#position)
    const { log, index, hash, message } = leaf
    await this.#fold.add(leaf)
    if (message) this.#count(message, log)
    if (log === this.#institution) {
      this.places.add(hash, message)
      this.#recent[index % recentMax] = this.#fold.tree(log)
      if (log !== nationalLog) return
    }
    const entry = entryOf(leaf)
    if (leaf.kind === 'liveness') this.#liveness(leaf, entry.at as number)
    if (leaf.kind === 'heads') this.#commitment(leaf, entry.logs)
    if (leaf.kind === 'log-key') this.#keyChange(leaf, entry)
  }

  #setAside(line: LeafLine): void {
    const entry = entryOf(line)
    const witness = line.log === nationalLog ? witnessOf(String(entry.kind), entry) : null
    // Whose name is not known might be a witness of this institution.
    const isNamed =
      witness?.name != null || this.aside.some(({ agent }) => agent === witness?.agent)
    if (!witness || !isNamed || line.jws !== undefined) {
      throw new BadLeaf(line, 'it cannot be set aside')
    }
    this.#fold.addHash(line.log, leafHash(Buffer.from(line.entry)))
    if (witness.name !== null) this.aside.push(witness)
    this.tally.withheld++
  }

  #count({ dating }: StoredMessage, log: string): void {
    this.tally.messages++
    if (log === nationalLog) this.tally.witnessMessages++
    if (dating) this.tally.timeClasses[dating.timeClass]++
  }

  #hash(line: HashLine): void {
    if (line.log !== nationalLog) throw new BadLeaf(line, 'its entry is withheld')
    this.#fold.addHash(line.log, Buffer.from(line.hash, 'hex'))
    this.tally.withheld++
    this.#withheldSince++
  }

  /** While the collector did not run it wrote nothing: an outage with leaves in it is none. */
  #liveness(leaf: LeafRow, at: number): void {
    if (at - this.#lastLivenessAt > livenessHoleMs && this.#withheldSince > 0) {
      throw new BadLeaf(leaf, 'before it leaves are withheld in what would be an outage')
    }
    this.#lastLivenessAt = at
    this.#withheldSince = 0
  }

  #commitment(leaf: LeafRow, logs: unknown): void {
    if (this.#institution === nationalLog) {
      this.tally.commitments++
      this.#note(leaf, logs)
      return
    }
    const named = Array.isArray(logs) ? logs.find((each) => each?.log === this.#institution) : null
    const last = this.sizeOf(this.#institution)
    if (!named && last === 0) return
    const tree = this.#recent.find(({ size }) => size === named?.size)
    if (!tree || rootOf(tree).toString('hex') !== named?.root) {
      throw this.#unlike(this.#institution, named?.size ?? last, `${leaf.log} #${leaf.index} names`)
    }
    this.#held.set(this.#institution, tree.size)
    this.tally.commitments++
  }

  /** The trees themselves are elsewhere: a log that shrank shows all the same. */
  #note(leaf: LeafRow, logs: unknown): void {
    for (const { log, size, root } of Array.isArray(logs) ? logs : []) {
      if (size < (this.committed.get(log)?.size ?? 0)) {
        throw new BadLeaf(leaf, `it says that the log ${log} has fewer leaves than before`)
      }
      this.committed.set(log, { size, root })
    }
  }

  /** Between the last size that held and this one something is not as it was. */
  #unlike(log: string, size: number, what: string): Broken {
    const from = Math.min(this.#held.get(log) ?? 0, size - 1)
    return new Broken(`${log} #${from} to #${size - 1}: they are not the leaves that ${what}`)
  }

  #keyChange(leaf: LeafRow, { statement, from }: Record<string, unknown>): void {
    const sizes = [nationalLog, this.#institution].map((log) => [log, this.sizeOf(log)] as const)
    if (this.keys.change(statement, from, new Map(sizes))) return
    throw new BadLeaf(leaf, 'the log key in use did not sign the change to the next')
  }

  #checkpoint(note: string, number: number): void {
    const place = `line ${number}`
    const claim = brokenWhere(place, () => checkpointIn(note, place))
    const { log, size, root } = claim
    const tree = this.#fold.tree(log)
    if (size !== tree.size || !rootOf(tree).equals(root)) {
      throw this.#unlike(log, size, `the checkpoint in ${place} covers`)
    }
    requireSigned(claim, this.keys)
    this.#signed.set(log, size)
    this.#held.set(log, size)
    this.tally.checkpoints++
  }
}

function brokenWhere<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause
    throw new Broken(`${place}: it is no checkpoint`, { cause })
  }
}

/** A line as the row that it was. Throws BadLeaf. */
function leafOf(line: LeafLine, position: number): LeafRow {
  const { log, index, entry: text, jws } = line
  const entry = entryOf(line)
  const hash = leafHash(Buffer.from(text))
  const kind = entry.kind as LeafKind
  const message = jws === undefined ? null : messageOf(line, entry, jws, hash)
  if (!message && isMessageKind(kind)) {
    throw new BadLeaf(line, 'its message is missing')
  }
  return { position, log, index, kind, entry: text, hash, message }
}

function messageOf(
  line: LeafLine,
  entry: Record<string, unknown>,
  jws: string,
  leafHash: Buffer,
): StoredMessage {
  const { kind, agent, epoch, seq, through, received } = entry
  const numbers = [epoch, seq, through, received].every(Number.isSafeInteger)
  if (typeof agent !== 'string' || !numbers) throw new BadLeaf(line, 'it names no message')
  // Numbers were looked at; the type is compared with what the message itself says.
  const place = { agent, epoch, seq, through, received, type: kind as MessageKind } as StoredMessage
  const dating = datingOfEntry(line, entry)
  return { ...place, sha256: sha256(jws), dating, jws, leaf: line.index, leafHash }
}
