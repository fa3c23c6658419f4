import { DatabaseSync } from 'node:sqlite'

/** A database whose disk a test can fill: nothing is committed then, as on a real one. */
export class FullDisk extends DatabaseSync {
  isFull = false

  override exec(sql: string): void {
    if (this.isFull && sql === 'COMMIT') {
      const error = new Error('database or disk is full')
      throw Object.assign(error, { code: 'ERR_SQLITE_ERROR', errcode: 13 })
    }
    super.exec(sql)
  }
}
