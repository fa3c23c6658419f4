import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Role } from '../../collector/people/accounts.ts'
import { launchBrowser } from './browser.ts'
import { temporaryFolder } from './folder.ts'
import { FullBoard } from './full-board.ts'

/** A full board and a browser, while a suite runs. */
export type FullBoardBrowser = {
  readonly board: FullBoard
  /** A file that is gone after the suite. */
  file(name: string): string
  /** What somebody of a role has open; null: nobody who is signed in. */
  contextOf(role: Role | null, options?: BrowserContextOptions): Promise<BrowserContext>
}

/** Opens both before the tests of a suite, and closes them after. */
export function fullBoardBrowser(): FullBoardBrowser {
  let folder: ReturnType<typeof temporaryFolder>
  let browser: Browser
  let board: FullBoard
  beforeAll(async () => {
    folder = temporaryFolder()
    ;[browser, board] = await Promise.all([launchBrowser(), FullBoard.open(folder.path)])
  })
  afterAll(async () => {
    await browser.close()
    await board[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })
  return {
    get board() {
      return board
    },
    file: (name) => folder.file(name),
    contextOf: async (role, options) => {
      const context = await browser.newContext(options)
      const [name, value] = board.cookies.get(role!)?.split('=') ?? []
      const cookie = { name: name!, value: value!, url: board.base }
      if (role !== null) await context.addCookies([cookie])
      return context
    },
  }
}
