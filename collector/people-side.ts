import type { FastifyInstance } from 'fastify'
import type { CollectorOptions } from './collector.ts'
import type { EvaluationLoop } from './evaluate/evaluation-loop.ts'
import { openExports } from './exports/open-exports.ts'
import { accountRoutes } from './http/accounts.ts'
import { apiTokenRoutes } from './http/api-tokens.ts'
import { addCycles } from './http/cycles.ts'
import { addOfficial } from './http/official.ts'
import { addPeopleRoutes } from './http/people.ts'
import { signInLinkRoutes } from './http/sign-in-links.ts'
import type { Roster } from './ingest/roster.ts'
import { closeHole } from './operations/every-minute.ts'
import { AccessLog } from './people/access-log.ts'
import { openPeople } from './people/account-service.ts'
import type { HeldHistory } from './people/held-log.ts'
import type { Hosts } from './people/hosts.ts'
import type { Identities } from './people/identities.ts'
import { openOidc } from './people/open-oidc.ts'
import { SignInLinks } from './people/sign-in-links.ts'
import type { Store } from './store/store.ts'

/** Who people are, by what they and their programs come in, and where that is noted. */
export async function openWaysIn(options: CollectorOptions, store: Store) {
  const { config, now } = options
  const access = new AccessLog(store, now, (at) => closeHole(store, at))
  const people = await openPeople({ ...options, ...config, store, access })
  const oidc = await openOidc(config.oidc, people.accounts, now)
  return { ...people, access, oidc }
}

/** What the people's side of a collector is put together from. */
export type PeopleSide = {
  readonly file: string
  readonly store: Store
  readonly ways: Awaited<ReturnType<typeof openWaysIn>>
  readonly loop: EvaluationLoop
  readonly roster: Roster
  readonly hosts: Hosts
  readonly identities: Identities
  readonly onNews: () => void
  readonly history: HeldHistory
  readonly timer: (delayMs: number, action: () => void) => () => void
}

/** What people look at, ask for and decide, on the board and by the API. */
export async function addPeopleSide(
  app: FastifyInstance,
  options: CollectorOptions,
  { file, store, ways, loop, roster, hosts, identities, onNews, history, timer }: PeopleSide,
) {
  const { now } = options
  const { accounts, acts, apiTokens, sessions, access } = ways
  const judging = { store, now, sessions, history, onChange: onNews }
  const cycles = await addCycles(app, { ...judging, loop })
  const published = await addOfficial(app, { ...judging, views: loop, cycles })
  const exports = openExports(options, { file, access, views: loop, timer })
  const asked = { cycles, published, exports, roster, access, hosts, identities, ways }
  await addPeopleRoutes(app, sessions, { ...judging, views: loop, ...asked })
  await app.register(accountRoutes(accounts, sessions))
  await app.register(signInLinkRoutes(new SignInLinks({ acts, sessions }), sessions))
  await app.register(apiTokenRoutes(apiTokens, sessions, now))
  return { exports, closeMonths: published.closeMonths }
}
