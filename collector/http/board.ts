import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import { collectorLimits } from '../limits.ts'
import type { Account, Sessions } from '../people/accounts.ts'
import type { Cycles } from '../people/cycles.ts'
import { type Assets, loadAssets } from '../web/assets.ts'
import { writerOf } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { type Language, languages } from '../web/language.ts'
import type { RefusedCycleForm } from '../web/pages/cycles.ts'
import { loginPage } from '../web/pages/login.ts'
import { type Message, messagePage, waitingPage } from '../web/pages/message.ts'
import type { RefusedDeclaration } from '../web/parts/declarations.ts'
import {
  cyclesPath,
  declaredPath,
  environmentPath,
  type Place,
  pages,
  type Query,
  reviewPath,
} from './board-pages.ts'
import {
  cookie,
  isForeign,
  languageOf,
  securityHeaders,
  setLanguage,
  setSession,
} from './browser.ts'
import { submitCycle } from './cycle-form.ts'
import { submitDeclaration } from './declarations-form.ts'
import { nothingRefused, type People, type Refused, submit } from './forms.ts'
import { openRefusalLog, type RefusalLog } from './refusals.ts'
import { findAccount, secretOf } from './session.ts'
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
    ...(cycles && {
      [cyclesPath]: async (account, _place, _snapshot, body) => {
        const refusedCycle = await submitCycle(cycles, account, body)
        return refusedCycle ? { refusedCycle } : ''
      },
    }),
  }
}

/** The board: pages for people, who sign in with a one-time code, and the forms on them. */
export function boardRoutes(
  views: Views,
  sessions: Sessions,
  people: People,
  now: () => EpochMs,
  cycles: Cycles | null = null,
  published: Published | null = null,
): FastifyPluginAsync {
  return async (app) => {
    const assets = loadAssets()
    const frameOf: FrameOf = (request, language, account, snapshot) => ({
      ...writerOf(language, snapshot?.timezone ?? 'UTC'),
      account,
      path: pathOf(request, language),
      now: now(),
      assets: assets.urls,
    })
    const refusals = openRefusalLog(app)
    prepare(app, frameOf, refusals)
    serveAssets(app, assets)
    const forms = formsOf(people, cycles)
    const options = { schema: { hide: true } }
    app.get('/', options, async (request, reply) => reply.redirect(`/${languageOf(request)}`))
    signInRoutes(app, sessions, frameOf, refusals)
    for (const language of languages) {
      for (const [path, page] of Object.entries(pages)) {
        const show = async (
          request: FastifyRequest,
          reply: FastifyReply,
          act: Act = async () => null,
        ) => {
          if (cookie(request, 'language') !== language) setLanguage(reply, language)
          const account = await findAccount(request, sessions)
          if (!account) return reply.redirect('/login', 303)
          const snapshot = views.snapshot()
          const frame = { ...frameOf(request, language, account, snapshot), account }
          if (!snapshot) return sendPage(reply, waitingPage(frame))
          const place = request.params as Place // each page reads what its own path has
          const submitted = await act(account, place, snapshot)
          if (typeof submitted === 'string') return reply.redirect(request.url + submitted, 303)
          if (submitted) reply.code(422)
          const nothing = { refused: nothingRefused, refusedCycle: null, refusedDeclaration: null }
          const sources = { views, ...people, cycles, published, ...nothing }
          const shown = await page(
            frame,
            snapshot,
            { ...sources, ...submitted },
            place,
            request.query as Query,
          )
          return shown === null
            ? sendMessage(reply, frame, 404, 'not_found')
            : sendPage(reply, shown)
        }
        app.get(`/${language}${path}`, options, (request, reply) => show(request, reply))
        const form = forms[path]
        if (!form) continue
        app.post(`/${language}${path}`, options, (request, reply) =>
          show(request, reply, async (account, place, snapshot) => {
            if (!(request.body instanceof URLSearchParams)) throw new AppError('schema', 'No form.')
            return form(account, place, snapshot, request.body)
          }),
        )
      }
    }
  }
}

/** What became of a form: where on the page it is seen once done, refused, or there was none. */
type Submitted =
  | string
  | { refused: Refused }
  | { refusedCycle: RefusedCycleForm }
  | { refusedDeclaration: RefusedDeclaration }
  | null

/** Does what a form asks for. */
type Act = (account: Account, place: Place, snapshot: Snapshot) => Promise<Submitted>

/** The same with what was sent. */
type Form = (...asked: [...Parameters<Act>, body: URLSearchParams]) => Promise<Submitted>

type FrameOf = (
  request: FastifyRequest,
  language: Language,
  account: Account | null,
  snapshot: Snapshot | null,
) => Frame

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
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const expected = error instanceof AppError && error.code !== 'unavailable' ? 400 : null
    const status = expected ?? (error instanceof AppError ? 503 : (error.statusCode ?? 500))
    if (status < 500) return refuse(request, reply, status, 'malformed')
    request.log.error({ err: error }, 'page failed')
    return refuse(request, reply, status, 'failure')
  })
}

function serveAssets(app: FastifyInstance, assets: Assets): void {
  for (const [url, { type, body }] of assets.files) {
    app.get(url, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(body),
    )
  }
}

function signInRoutes(
  app: FastifyInstance,
  sessions: Sessions,
  frameOf: FrameOf,
  refusals: RefusalLog,
): void {
  const options = { schema: { hide: true } }
  app.get('/login', options, async (request, reply) => {
    const frame = frameOf(request, languageOf(request), null, null)
    return sendPage(reply, loginPage(frame, { wrong: false }))
  })
  app.post('/login', options, async (request, reply) => {
    const code = request.body instanceof URLSearchParams ? request.body.get('code') : null
    const secret = code ? await sessions.login(code.trim()) : null
    if (secret === null) {
      noteRefusal(refusals, request, 'auth')
      const frame = frameOf(request, languageOf(request), null, null)
      return sendPage(reply.code(401), loginPage(frame, { wrong: true }))
    }
    setSession(request, reply, secret)
    return reply.redirect('/', 303)
  })
  app.post('/logout', options, async (request, reply) => {
    const secret = secretOf(request)
    if (secret !== null) await sessions.logout(secret)
    setSession(request, reply, null)
    return reply.redirect('/login', 303)
  })
}

/** A security event: who was refused, never what was sent. */
function noteRefusal(refusals: RefusalLog, { ip }: FastifyRequest, code: string): void {
  refusals.note({ code, ip, bytes: null, sha256: () => null })
}

/** The path behind the language; nothing on pages whose address names no language. */
function pathOf(request: FastifyRequest, language: Language): string {
  const [path = ''] = request.url.split('?')
  const prefix = `/${language}`
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : ''
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page)
}

function sendMessage(
  reply: FastifyReply,
  frame: Frame,
  status: number,
  message: Message,
): FastifyReply {
  return sendPage(reply.code(status), messagePage(frame, message))
}
