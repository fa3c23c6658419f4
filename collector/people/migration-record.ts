import { grownHistory, type RegisterHistory } from '../register/history.ts'
import {
  emptyMigrationBook,
  foldMigration,
  isAboutMigration,
  type MigrationBook,
} from '../register/migration-log.ts'
import { HeldFold, type LogSource } from './held-log.ts'

/** What the log says of migrations; the book holds until the next read. */
export type Recorded = {
  readonly book: MigrationBook
  readonly isInstitution: (id: string) => boolean
}

/** What the log says of migrations, made on with the acts that were added. */
export class MigrationRecord {
  readonly #fold: HeldFold<{ readonly book: MigrationBook; readonly history: RegisterHistory }>

  constructor(source: LogSource) {
    const history: RegisterHistory = new Map()
    const empty = { book: emptyMigrationBook(), history }
    this.#fold = new HeldFold(source, empty, ({ book, history: before }, entries) => {
      const history = grownHistory(before, entries)
      foldMigration(book, entries.filter(isAboutMigration), history)
      return { book, history }
    })
  }

  async read(): Promise<Recorded> {
    const { book, history } = await this.#fold.read()
    return { book, isInstitution: (id) => history.has(`institution/${id}`) }
  }
}
