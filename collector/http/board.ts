import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { collectorLimits } from '../limits.ts'
import type { Account, Role, Sessions } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import { loadAssets } from '../web/assets.ts'
import { writerOf } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { languages } from '../web/language.ts'
import type { RefusedCycleForm } from '../web/pages/cycles.ts'
import { type Message, messagePage, waitingPage } from '../web/pages/message.ts'
import type { RefusedDeclaration } from '../web/parts/declarations.ts'
import type { ImportPreview } from '../web/parts/import-forms.ts'
import type { RefusedMigration } from '../web/parts/migration-forms.ts'
import { tieFields } from '../web/tied-fields.ts'
import {
  cyclesPath,
  declaredPath,
  environmentPath,
  pageAccess,
  pages,
  reviewPath,
} from './board-pages.ts'
import {
  cookie,
  isForeign,
  languageOf,
  originOf,
  pathOf,
  securityHeaders,
  sendPage,
  setLanguage,
  setSession,
} from './browser.ts'
import { submitCycle } from './cycle-form.ts'
import { submitDeclaration } from './declarations-form.ts'
import { nothingRefused, type People, type Refused, submit } from './forms.ts'
import { importPath, roadmapPath, workloadsPath } from './migration-acts.ts'
import { submitImport, submitRoadmap, submitWorkload } from './migration-form.ts'
import { readMultipart } from './multipart.ts'
import type { Asked, BoardPart, FormDone, FrameOf, PageRoute, Place, Query } from './page-route.ts'
import { leadHome } from './pages-home.ts'
import { modelsPath } from './pages-models.ts'
import { officialPath } from './pages-official.ts'
import { proposalsPath } from './pages-policy.ts'
import { programmeImportPath } from './pages-programme.ts'
import { anybody, serveAssets } from './public-route.ts'
import { noteRefusal, openRefusalLog, type RefusalLog } from './refusals.ts'
import { requireAccount, secretOf } from './session.ts'
import { signInRoutes, type WaysIn } from './sign-in.ts'
import type { Published } from './trend-view.ts'
import type { Views } from './views.ts'

/** What takes the forms of each page that has some. */
function formsOf(people: People, cycles: Cycles | null): Readonly<Record<string, Form>> {
  const declare =
    (isQueue: boolean): Form =>
    async (account, place, { timezone }, body) => {
      const owner = isQueue ? null : place.institution
      const form = [people.declarations, account, owner, body, timezone] as const
      const refusedDeclaration = await submitDeclaration(...form)
      return refusedDeclaration ? { refusedDeclaration } : isQueue ? '' : '#declared'
    }
  return {
    [reviewPath]: declare(true),
    [declaredPath]: declare(false),
    [environmentPath]: (account, place, { timezone }, body) =>
      submit(people, account, place, body, timezone),
    [workloadsPath]: async (account, { institution }, { timezone }, body) => {
      const asked = [people.workloads, account, institution, body, timezone] as const
      const refusedMigration = await submitWorkload(...asked)
      return refusedMigration ? { refusedMigration } : '#registered'
    },
    [importPath]: async (account, { institution }, _snapshot, body) => {
      return (await submitImport(people.workloads, account, institution, body)) ?? '#choose'
    },
    [roadmapPath]: async (account, { institution }, { timezone }, body) => {
      const asked = [people.roadmap, account, institution, body, timezone] as const
      const refusedMigration = await submitRoadmap(...asked)
      return refusedMigration ? { refusedMigration } : `#${body.get('kind')}s`
    },
    ...(cycles && {
      [cyclesPath]: async (account, _place, _snapshot, body) => {
        const refusedCycle = await submitCycle(cycles, account, body)
        return refusedCycle ? { refusedCycle } : ''
      },
    }),
  }
}

/** Forms that hold more than a few fields, by their path. Unit: bytes. */
const largeForms: Readonly<Record<string, number>> = {
  [workloadsPath]: collectorLimits.workloadFormBytesMax,
  [importPath]: collectorLimits.importBytesMax,
  [officialPath]: collectorLimits.importBytesMax,
  [programmeImportPath]: collectorLimits.importBytesMax,
  [proposalsPath]: collectorLimits.policyFormBytesMax,
  [modelsPath]: collectorLimits.modelFormBytesMax,
}

/** The board: pages for people, who sign in with a one-time code, and the forms on them. */
export function boardRoutes(
  views: Views,
  sessions: Sessions,
  people: People,
  now: () => EpochMs,
  cycles: Cycles | null = null,
  published: Published | null = null,
  parts: readonly BoardPart[] = [],
  waysIn: WaysIn | null = null,
): FastifyPluginAsync {
  return async (app) => {
    const assets = loadAssets()
    const frameOf: FrameOf = (request, language, account, snapshot) => ({
      ...writerOf(language, snapshot?.timezone ?? 'UTC'),
      account,
      ...{ path: pathOf(request, language), origin: originOf(request) },
      now: now(),
      assets: assets.urls,
    })
    const refusals = openRefusalLog(app)
    prepare(app, frameOf, refusals)
    serveAssets(app, assets)
    const { allPages, forms, access } = withParts(formsOf(people, cycles), parts)
    app.get('/', anybody, async (request, reply) => leadHome(request, reply, sessions, allPages))
    signInRoutes(app, sessions, frameOf, refusals, waysIn)
    for (const language of languages) {
      for (const [path, page] of Object.entries(allPages)) {
        const options = {
          schema: anybody.schema,
          config: { access: access[path], isPage: true },
        }
        const show = async (
          request: FastifyRequest,
          reply: FastifyReply,
          act: Act = async () => null,
        ) => {
          if (cookie(request, 'language') !== language) setLanguage(reply, language)
          const account = await requireAccount(request, sessions)
          const snapshot = views.snapshot()
          const frame = {
            ...frameOf(request, language, account, snapshot),
            ...{ account, hosting: await people.workloads.hosting() },
            waiting: await waitingFor(parts, account),
          }
          if (!snapshot) return sendPage(reply, waitingPage(frame))
          const place = request.params as Place // each page reads what its own path has
          const submitted = await act(account, place, snapshot)
          if (isDone(submitted)) return goOn(request, reply, submitted)
          if (isRefused(submitted)) reply.code(422)
          const [asked, query] = [askedBy(request), request.query as Query]
          const sources = { views, ...people, cycles, published, asked, ...nothingSent }
          const shown = await page(frame, snapshot, { ...sources, ...submitted }, place, query)
          return shown === null
            ? sendMessage(reply, frame, 404, 'not_found')
            : sendPage(reply, tieFields(shown, sentIn(request), language))
        }
        app.get(`/${language}${path}`, options, (request, reply) => show(request, reply))
        const form = forms[path]
        if (!form) continue
        const bodyLimit = largeForms[path]
        const limited = bodyLimit === undefined ? options : { ...options, bodyLimit }
        app.post(`/${language}${path}`, limited, (request, reply) =>
          show(request, reply, async (account, place, snapshot) => {
            if (!(request.body instanceof URLSearchParams)) throw new AppError('schema', 'No form.')
            return form(account, place, snapshot, request.body, askedBy(request))
          }),
        )
      }
    }
  }
}

/** What became of a form: where on the page it is seen once done, refused, or there was none. */
type Submitted =
  | FormDone
  | { refused: Refused }
  | { refusedCycle: RefusedCycleForm }
  | { refusedDeclaration: RefusedDeclaration }
  | { refusedMigration: RefusedMigration }
  | { preview: ImportPreview }
  | null

/** The pages of the board with those of its parts. */
function withParts(own: Readonly<Record<string, Form>>, parts: readonly BoardPart[]) {
  const allPages: Record<string, PageRoute> = { ...pages }
  const forms: Record<string, Form> = { ...own }
  const access: Record<string, readonly Role[]> = { ...pageAccess }
  for (const part of parts) {
    Object.assign(allPages, part.pages)
    Object.assign(forms, part.forms)
    Object.assign(access, part.access)
  }
  return { allPages, forms, access }
}

/** What a form sent, of either method. */
function sentIn({ body, query }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams
    ? body
    : new URLSearchParams(query as Record<string, string>)
}

/** How a request came. */
function askedBy(request: FastifyRequest): Asked {
  const origin = `${request.protocol}://${request.host}`
  return { secret: secretOf(request), from: request.ip, origin }
}

/** How much waits for an account, in all parts. */
async function waitingFor(parts: readonly BoardPart[], account: Account): Promise<number> {
  const counts = await Promise.all(parts.map(async (part) => (await part.waiting?.(account)) ?? 0))
  return counts.reduce((sum, each) => sum + each, 0)
}

/** A form that was done is seen on a page of its own, or at a place on the same one. */
type Done = Extract<Submitted, string | { session: string | null }>

function isDone(submitted: Submitted): submitted is Done {
  return typeof submitted === 'string' || (submitted !== null && 'session' in submitted)
}

function goOn(request: FastifyRequest, reply: FastifyReply, done: Done): FastifyReply {
  const seen = typeof done === 'string' ? done : done.seen
  if (typeof done !== 'string') setSession(request, reply, done.session)
  return reply.redirect(seen.startsWith('/') ? seen : request.url + seen, 303)
}

function isRefused(submitted: Exclude<Submitted, Done>): boolean {
  if (submitted === null || 'preview' in submitted || 'shownOnce' in submitted) return false
  if ('sentProgramme' in submitted) return submitted.sentProgramme.refused !== null
  return !('sentResults' in submitted) || submitted.sentResults.refused !== null
}

/** What pages are made from where no form was sent, or one of another kind. */
const nothingSent = {
  ...{ refused: nothingRefused, refusedCycle: null, refusedDeclaration: null },
  ...{ refusedMigration: null, preview: null, refusedForm: null, shownOnce: null },
  ...{ sentResults: null, sentProgramme: null },
}

/** Does what a form asks for. */
type Act = (account: Account, place: Place, snapshot: Snapshot) => Promise<Submitted>

/** The same with what was sent. */
type Form = (
  ...asked: [...Parameters<Act>, body: URLSearchParams, asked: Asked]
) => Promise<Submitted>

/** What holds for every answer of the board: its headers, its forms, and errors as pages. */
function prepare(app: FastifyInstance, frameOf: FrameOf, refusals: RefusalLog): void {
  const refuse = (request: FastifyRequest, reply: FastifyReply, status: number, message: Message) =>
    sendMessage(reply, frameOf(request, languageOf(request), null, null), status, message)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...securityHeaders, 'cache-control': 'no-store' })
    if (request.method === 'POST' && isForeign(request)) {
      noteRefusal(refusals, request, 'forbidden')
      return refuse(request, reply, 403, 'foreign')
    }
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/x-www-form-urlencoded(;|$)/,
    { parseAs: 'string', bodyLimit: collectorLimits.formBytesMax },
    async (_request: unknown, body: string) => new URLSearchParams(body),
  )
  app.addContentTypeParser(
    /^multipart\/form-data;/,
    { parseAs: 'buffer', bodyLimit: collectorLimits.formBytesMax },
    async (request: FastifyRequest, body: Buffer) =>
      readMultipart(request.headers['content-type'] ?? '', body),
  )
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const code = error instanceof AppError ? error.code : null
    if (code === 'auth') return reply.redirect('/login', 303)
    if (code === 'not_found' || code === 'forbidden') {
      noteRefusal(refusals, request, code)
      return refuse(request, reply, code === 'forbidden' ? 403 : 404, code)
    }
    const expected = error instanceof AppError && error.code !== 'unavailable' ? 400 : null
    const status = expected ?? (error instanceof AppError ? 503 : (error.statusCode ?? 500))
    if (status < 500) return refuse(request, reply, status, 'malformed')
    request.log.error({ err: error }, 'page failed')
    return refuse(request, reply, status, 'failure')
  })
}

function sendMessage(
  reply: FastifyReply,
  frame: Frame,
  status: number,
  message: Message,
): FastifyReply {
  return sendPage(reply.code(status), messagePage(frame, message))
}
