import Database from 'better-sqlite3'
import type { SimulatedAgent } from '../../simulation/simulated-agent.ts'

/** What the collector's database says, read beside it. */
export class StoredRecord implements Disposable {
  readonly #db: Database.Database

  constructor(file: string) {
    this.#db = new Database(file, { readonly: true, fileMustExist: true })
  }

  /** Bytes of all pages in use: tables, indexes, everything. */
  bytes(): number {
    const of = (name: string) => this.#db.pragma(name, { simple: true }) as number
    return (of('page_count') - of('freelist_count')) * of('page_size')
  }

  /** Enrolled agents that none of these is. */
  ghosts(agents: readonly SimulatedAgent[]): number {
    const known = new Set(agents.map(({ agent }) => agent))
    const rows = this.#db.prepare('SELECT agent FROM agent').all() as { agent: string }[]
    return rows.filter(({ agent }) => !known.has(agent)).length
  }

  /** Messages whose receipt names a leaf that is not there, or another one. */
  lost(agents: readonly SimulatedAgent[]): number {
    const leaves = this.#db
      .prepare('SELECT epoch, seq, idx, lower(hex(hash)) FROM leaf WHERE log = ? AND agent = ?')
      .raw()
    let lost = 0
    for (const { agent, acked, identity } of agents) {
      const rows = leaves.all(identity.log.id, agent) as (number | string)[][]
      const stored = new Set(rows.map((row) => row.join(' ')))
      for (const { epoch, seq, leaf, leafHash } of acked) {
        if (!stored.has(`${epoch} ${seq} ${leaf} ${leafHash}`)) lost++
      }
    }
    return lost
  }

  /** Bytes by table and index, the largest first; for whoever asks what takes the room. */
  sizes(): { name: string; bytes: number }[] {
    const text = 'SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC'
    return this.#db.prepare(text).all() as { name: string; bytes: number }[]
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }
}
