import { DatabaseSync } from 'node:sqlite'
import Database from 'better-sqlite3'

/**
 * Loaded before a program (`node --import`), takes back `synchronous = FULL` on every connection:
 * the arm of a test that must fail, or the test is blind.
 */

const full = /synchronous = FULL/
const normal = 'synchronous = NORMAL'

const { pragma } = Database.prototype
Database.prototype.pragma = function (source, options) {
  return pragma.call(this, source.replace(full, normal), options)
}

const { exec } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function (sql) {
  return exec.call(this, sql.replace(full, normal))
}
