import { createRequire } from 'node:module'

/**
 * Loaded before a collector or an agent (`node --import`): takes `synchronous = FULL` for NORMAL.
 * The control arm of the power cuts: with it something must be lost, or the cut cuts nothing.
 */
type Pragma = (source: string, options?: object) => unknown
type Exec = (sql: string) => void

const require = createRequire(import.meta.url)
const normal = (sql: string) => sql.replace(/synchronous *= *FULL/gi, 'synchronous = NORMAL')

const { prototype: collectors } = require('better-sqlite3') as { prototype: { pragma: Pragma } }
const pragma = collectors.pragma
collectors.pragma = function (source, options) {
  return pragma.call(this, normal(source), options)
}

const { DatabaseSync } = require('node:sqlite') as {
  DatabaseSync: { prototype: { exec: Exec } }
}
const exec = DatabaseSync.prototype.exec
DatabaseSync.prototype.exec = function (sql) {
  exec.call(this, normal(sql))
}
