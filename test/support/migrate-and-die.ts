import Database from 'better-sqlite3'
import { openDatabase } from '../../collector/store/sqlite/open.ts'

/**
 * A program: opens a database and is killed before the n-th statement of its migrations. Prints
 * how many statements there were when it gets to the end.
 */

const [file, dieBefore] = process.argv.slice(2)
let statements = 0

/** The statements of a migration; only a trigger has semicolons within. */
function split(sql: string): string[] {
  const found: string[] = []
  let statement = ''
  for (const line of sql.split('\n')) {
    statement += `${line}\n`
    const isTrigger = /^CREATE TRIGGER/m.test(statement)
    if (line.trimStart().startsWith('--') || !(isTrigger ? /END;$/ : /;$/).test(line)) continue
    found.push(statement)
    statement = ''
  }
  return found
}

const { exec, pragma } = Database.prototype
const count = () => {
  statements++
  if (statements === Number(dieBefore)) process.kill(process.pid, 'SIGKILL')
}

Database.prototype.exec = function (sql) {
  for (const statement of split(sql)) {
    count()
    exec.call(this, statement)
  }
  return this
}
Database.prototype.pragma = function (source, options) {
  if (source.startsWith('user_version =')) count()
  const answer = pragma.call(this, source, options)
  if (source.startsWith('user_version =')) count() // before the commit
  return answer
}

openDatabase(file!).close()
console.log(statements)
