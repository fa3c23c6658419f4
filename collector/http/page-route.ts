import type { FastifyRequest } from 'fastify'
import type { Snapshot } from '../kpi/snapshot.ts'
import type { Account, Role } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import type { Declarations } from '../people/declarations.ts'
import type { Disputes } from '../people/disputes.ts'
import type { Inbox } from '../people/inbox.ts'
import type { Maintenance } from '../people/maintenance.ts'
import type { Frame } from '../web/frame.ts'
import type { Language } from '../web/language.ts'
import type { RefusedCycleForm } from '../web/pages/cycles.ts'
import type { RefusedForm } from '../web/parts/acts.ts'
import type { RefusedDeclaration } from '../web/parts/declarations.ts'
import type { SentResults } from '../web/parts/official-import.ts'
import type { SentProgramme } from '../web/parts/programme-import.ts'
import type { Refused } from './forms.ts'
import type { MigrationActs } from './migration-acts.ts'
import type { Published } from './trend-view.ts'
import type { Views } from './views.ts'

/** The parts of a page's address that are variable; each page reads what its own path has. */
export type Place = {
  institution: string
  environment: string
  agent: string
  check: string
  model: string
  version: string
}

/** What the address asks for behind its path, as it was sent. */
export type Query = Readonly<Record<string, unknown>>

/** How a request came, for what concerns the way in. */
export type Asked = {
  /** The session's own secret. */
  readonly secret: string | null
  /** The address that it came from. */
  readonly from: string
  /** What the board's addresses begin with for whoever asks, e.g. `https://board.example`. */
  readonly origin: string
}

/** What pages are made from. */
export type Sources = MigrationActs & {
  readonly asked: Asked
  readonly views: Views
  readonly maintenance: Pick<Maintenance, 'list'>
  readonly disputes: Pick<Disputes, 'list'>
  readonly inbox: Inbox
  /** Null where there are none, and then there is no page of them. */
  readonly cycles: Cycles | null
  /** The same: what others published, and the trend beside it. */
  readonly published: Published | null
  readonly refused: Refused
  readonly refusedCycle: RefusedCycleForm | null
  readonly declarations: Declarations
  readonly refusedDeclaration: RefusedDeclaration | null
  /** A form of a board part's page that was refused. */
  readonly refusedForm: RefusedForm<string> | null
  /** A file of official results that was sent. */
  readonly sentResults: SentResults | null
  /** A file of the programme's figures that was sent. */
  readonly sentProgramme: SentProgramme | null
  /** What a form of a board part's page made, to be shown this once: never stored, never logged. */
  readonly shownOnce: Readonly<Record<string, string>> | null
}

/** Makes a page; null when there is nothing at the address, or nothing this account may see. */
export type PageRoute = (
  frame: Frame & { readonly account: Account },
  snapshot: Snapshot,
  sources: Sources,
  place: Place,
  query: Query,
) => Promise<string | null>

/** What became of a form: the address where it is seen once done, or what is shown instead. */
export type FormDone =
  | string
  | { readonly refusedForm: RefusedForm<string> }
  | { readonly sentResults: SentResults }
  | { readonly sentProgramme: SentProgramme }
  | { readonly shownOnce: Readonly<Record<string, string>> }
  /** The account goes on in a new session (null: in none), on the page `seen`. */
  | { readonly session: string | null; readonly seen: string }

/** Does what a form of a page asks for. Throws what is no refusal. */
export type FormRoute = (
  account: Account,
  place: Place,
  snapshot: Snapshot,
  body: URLSearchParams,
  asked: Asked,
) => Promise<FormDone>

/** Pages of one subject by their path behind the language, and what takes their forms. */
export type BoardPart = {
  readonly pages: Readonly<Record<string, PageRoute>>
  /** Who may open each of the pages, and send its form: `everyone`, or these roles. */
  readonly access: Readonly<Record<string, readonly Role[]>>
  readonly forms?: Readonly<Record<string, FormRoute>>
  /** How much waits for the account; shown beside the page of the bar that `counts`. */
  readonly waiting?: (account: Account) => Promise<number>
}

/** What surrounds a page; with nobody signed in and without figures it needs neither. */
export type FrameOf = (
  request: FastifyRequest,
  language: Language,
  account: Account | null,
  snapshot: Snapshot | null,
) => Frame
