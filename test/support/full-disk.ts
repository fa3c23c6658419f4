import {
  DatabaseSync,
  type SQLInputValue,
  type StatementResultingChanges,
  type StatementSync,
} from 'node:sqlite'

/** A database whose disk a test can fill: nothing is committed then, as on a real one. */
export class FullDisk extends DatabaseSync {
  isFull = false

  override exec(sql: string): void {
    if (sql === 'COMMIT') this.#mustHaveRoom()
    super.exec(sql)
  }

  override prepare(sql: string): StatementSync {
    const statement = super.prepare(sql)
    const run: (...values: SQLInputValue[]) => StatementResultingChanges =
      statement.run.bind(statement)
    // Outside a transaction a statement is one by itself. No value has a name here.
    statement.run = (...values: unknown[]) => {
      if (!this.isTransaction) this.#mustHaveRoom()
      return run(...(values as SQLInputValue[]))
    }
    return statement
  }

  #mustHaveRoom(): void {
    if (!this.isFull) return
    const error = new Error('database or disk is full')
    throw Object.assign(error, { code: 'ERR_SQLITE_ERROR', errcode: 13 })
  }
}
