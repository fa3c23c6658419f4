import { readFileSync } from 'node:fs'
import { MessageChannel } from 'node:worker_threads'
import { pino } from 'pino'
import { type Collector, type CollectorOptions, openCollector } from '../../collector/collector.ts'
import { readConfig } from '../../collector/config.ts'
import { answerQuestions } from '../../collector/evaluate/answering.ts'
import type { StartAnswerer } from '../../collector/evaluate/thread.ts'
import { exportHere } from '../../collector/exports/start-export.ts'
import type { Account } from '../../collector/people/accounts.ts'
import { readDeclared } from '../../collector/register/files.ts'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import { sha256 } from '../../protocol/jws.ts'
import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { sharedCompilers } from './shared-compilers.ts'

const compilers = await sharedCompilers()

/** The files of `deploy/examples`, which `npm start` uses. */
export const exampleFiles = {
  register: new URL('../../deploy/examples/register.yaml', import.meta.url).pathname,
  policy: new URL('../../deploy/examples/policy.yaml', import.meta.url).pathname,
}

/** The example policy with its setting `hosting`, which stands there as a comment. */
export function policyWithHosting(): string {
  return textOf(exampleFiles.policy).replace(/^ {2}# hosting:[\s\S]*/m, (setting) =>
    setting.replaceAll(/^ {2}# /gm, '  '),
  )
}

/** A clock that a test moves. */
export class TestClock {
  at: EpochMs
  constructor(at: EpochMs) {
    this.at = at
  }
  readonly now = () => this.at
}

export type TestCollector = Collector & {
  /** What would have ended the process. */
  readonly fatal: unknown[]
  /** A token for five hosts; of the example's environment unless named. */
  token(institution?: string, environment?: string): Promise<string>
  /** A session of the local administrator. */
  cookie(): Promise<string>
  /** A session of somebody else. */
  cookieOf(account: Account): Promise<string>
  /** Asks the API, with a body by POST; as the local administrator, or with this cookie. */
  ask(url: string, body?: object, cookie?: string): Promise<ApiAnswer>
}

/** What the API answers; tests know what they asked for. */
export type ApiAnswer = { readonly status: number; json(): never }

/** In this thread: a thread takes longer to load its modules than most tests to run. */
const answerHere: StartAnswerer = (settings, onFatal) => {
  const { port1, port2 } = new MessageChannel()
  answerQuestions(port2, settings, { onDamage: onFatal })
  return { port: port1, stop: async () => port1.close() }
}

/**
 * For a clock that the test moves: by the machine's clock the collector would note at any moment
 * that it runs, and a jump of the test's clock would be an outage. Nor is there an evaluation that
 * no test asks for: who derives a day clears its mark.
 */
export const neverByItself: Pick<CollectorOptions, 'timer' | 'schedule'> = {
  timer: () => () => {},
  schedule: () => ({ destroy: () => {} }),
}

/** A real collector on a data directory, without a port until it is told to listen. */
export async function openTestCollector(
  dataDir: string,
  clock: TestClock,
  registerFile = exampleFiles.register,
  more: Partial<CollectorOptions> = {},
): Promise<TestCollector> {
  const fatal: unknown[] = []
  const collector = await openCollector({
    config: readConfig({ DATA_DIR: dataDir, PORT: '0' }),
    declared: readDeclared(registerFile, exampleFiles.policy, clock.now()),
    logger: pino({ level: 'silent' }),
    now: clock.now,
    onFatal: (error) => fatal.push(error),
    compilers,
    startAnswerer: answerHere,
    passwordCost: { memory: 4, passes: 1 },
    startExport: exportHere,
    ...neverByItself,
    ...more,
  })
  // Not by logging in: that is an act, and would note that the collector ran until then.
  const cookie = async () => `session=${collector.issueAdminToken()}`
  const token = async (institution = 'local', environment = 'this-machine') =>
    makeToken(collector, await cookie(), { institution, environment })
  const cookieOf = async (account: Account) => {
    // Through a connection of its own: nobody but the local administrator can log in yet.
    const store = sqliteStore(`${dataDir}/collector.db`)
    const secret = `session-of-${account.id}`
    const never = clock.now() + 10_000 * dayMs
    const times = { openedAt: clock.now(), usedAt: never, expiresAt: never }
    await store.saveSession({ hash: sha256(secret), account, ...times })
    await store.close()
    return `session=${secret}`
  }
  const bearer = collector.issueAdminToken()
  const ask = async (url: string, body?: object, session?: string): Promise<ApiAnswer> => {
    const headers: Record<string, string> = session
      ? { cookie: session }
      : { authorization: `Bearer ${bearer}` }
    const inject = { url, headers, ...(body && { method: 'POST' as const, payload: body }) }
    const answer = await collector.app.inject(inject)
    return { status: answer.statusCode, json: () => answer.json() as never }
  }
  return { ...collector, fatal, cookie, cookieOf, ask, token }
}

async function makeToken(
  { app }: Collector,
  cookie: string,
  place: { institution: string; environment: string },
): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: { cookie },
    payload: { ...place, usesMax: 5, lifeHours: 1 },
  })
  return (answer.json() as { token: string }).token
}

/** A file's text; for tests that change it a little. */
export function textOf(file: string): string {
  return readFileSync(file, 'utf8')
}
