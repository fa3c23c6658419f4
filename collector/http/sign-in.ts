import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../error.ts'
import type { AccountService, Sessions, SignInStep } from '../people/accounts.ts'
import type { OidcSignIn } from '../people/open-oidc.ts'
import { passwordLengthMax, passwordLengthMin } from '../people/passwords.ts'
import type { Frame } from '../web/frame.ts'
import { invitePage, newPasswordPage } from '../web/pages/invite.ts'
import { loginPage, secondFactorPage, setUpPage, type Wrong } from '../web/pages/login.ts'
import { type PasswordRefusal, passwordRefusalTexts } from '../web/texts/sign-in.ts'
import { languageOf, sendPage, setSession } from './browser.ts'
import { oidcLeftPath, oidcPath, oidcRoutes } from './oidc.ts'
import type { FrameOf } from './page-route.ts'
import { anybody } from './public-route.ts'
import { noteRefusal, type RefusalLog } from './refusals.ts'
import { secretOf } from './session.ts'

/** The ways in that there are beside one-time codes. */
export type WaysIn = {
  readonly accounts: AccountService
  /** Where people sign in with another system's account, if there is one. */
  readonly oidc: OidcSignIn | null
}

/** How long a password may be: what the pages say. Unit: characters. */
export const passwordLength = { least: passwordLengthMin, most: passwordLengthMax }

/** What may never stand in an address: it would be in logs, histories and other sites' referers. */
const secretNames = ['code', 'token', 'access_token', 'password', 'session', 'secret', 'ticket']

/** The ways in and out of the board, for whoever is not signed in yet. */
export function signInRoutes(
  app: FastifyInstance,
  sessions: Sessions,
  frameOf: FrameOf,
  refusals: RefusalLog,
  ways: WaysIn | null,
): void {
  const steps = new Steps(sessions, frameOf, refusals, ways)
  if (ways?.oidc) oidcRoutes(app, ways.oidc, frameOf, refusals)
  app.get('/login', anybody, async (request, reply) => {
    steps.refuseSecrets(request)
    return steps.showLogin(request, reply, null)
  })
  app.get('/invite', anybody, async (request, reply) => {
    steps.refuseSecrets(request)
    return sendPage(reply, invitePage(steps.frame(request), { wrong: false }))
  })
  app.post('/login', anybody, async (request, reply) => {
    const form = formOf(request)
    return form.has('account')
      ? steps.byPassword(request, reply, form)
      : steps.byCode(request, reply, form)
  })
  app.post('/login/second-factor', anybody, (request, reply) =>
    steps.confirm(request, reply, 'second-factor'),
  )
  app.post('/login/set-up', anybody, (request, reply) => steps.confirm(request, reply, 'set-up'))
  app.post('/invite', anybody, (request, reply) => steps.invited(request, reply))
  app.post('/logout', anybody, async (request, reply) => {
    const secret = secretOf(request)
    const account = secret === null ? null : await sessions.account(secret)
    if (secret !== null) await sessions.logout(secret)
    setSession(request, reply, null)
    const isOpenElsewhere = ways?.oidc && account?.via === 'oidc'
    return reply.redirect(isOpenElsewhere ? oidcLeftPath : '/login', 303)
  })
}

/** The steps of signing in: each answers with the page of the next one. */
class Steps {
  readonly #sessions: Sessions
  readonly #frameOf: FrameOf
  readonly #refusals: RefusalLog
  readonly #ways: WaysIn | null

  constructor(sessions: Sessions, frameOf: FrameOf, refusals: RefusalLog, ways: WaysIn | null) {
    this.#sessions = sessions
    this.#frameOf = frameOf
    this.#refusals = refusals
    this.#ways = ways
  }

  frame(request: FastifyRequest): Frame {
    return this.#frameOf(request, languageOf(request), null, null)
  }

  /** Throws AppError `invalid` for an address that holds what must be sent in a form. */
  refuseSecrets({ query }: FastifyRequest): void {
    const names = Object.keys(query as object)
    if (names.some((name) => secretNames.includes(name.toLowerCase()))) {
      throw new AppError('invalid', 'A code or password does not belong in an address.')
    }
  }

  showLogin(request: FastifyRequest, reply: FastifyReply, wrong: Wrong | null): FastifyReply {
    const provider = this.#ways?.oidc ? { path: oidcPath } : null
    return sendPage(reply, loginPage(this.frame(request), { wrong, provider }))
  }

  async byCode(request: FastifyRequest, reply: FastifyReply, form: URLSearchParams) {
    const code = form.get('code')
    const secret = code ? await this.#sessions.login(code.trim()) : null
    if (secret !== null) return this.#signedIn(request, reply, secret)
    noteRefusal(this.#refusals, request, 'auth')
    return this.showLogin(request, reply.code(401), { rule: 'code' })
  }

  byPassword(request: FastifyRequest, reply: FastifyReply, form: URLSearchParams) {
    const id = (form.get('account') ?? '').trim()
    const password = form.get('password') ?? ''
    return this.#try(request, reply, {
      act: (accounts) => accounts.signIn(id, password, request.ip),
      show: (wrong) => this.showLogin(request, reply, wrong ?? { rule: 'credentials' }),
    })
  }

  confirm(request: FastifyRequest, reply: FastifyReply, kind: 'second-factor' | 'set-up') {
    const form = formOf(request)
    const step = form.get('step') ?? ''
    const digits = (form.get('digits') ?? '').replaceAll(/\s/g, '')
    return this.#try(request, reply, {
      act: (accounts) => accounts.confirm(step, digits, request.ip),
      show: (refused) => {
        const wrong = refused ?? { rule: 'digits' }
        const frame = this.frame(request)
        const page =
          kind === 'set-up'
            ? setUpPage(frame, { step, totp: null, wrong })
            : secondFactorPage(frame, { step, wrong })
        return sendPage(reply, page)
      },
    })
  }

  /** The code alone leads to the form for a password; both together set it and use the code up. */
  async invited(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = formOf(request)
    const code = (form.get('code') ?? '').trim()
    const frame = this.frame(request)
    const password = form.get('password')
    const show = (wrong: Wrong | null) => {
      const isBusy = wrong?.rule === 'too_many'
      return isBusy
        ? this.showLogin(request, reply, wrong)
        : sendPage(reply, invitePage(frame, { wrong: true }))
    }
    return this.#try(request, reply, {
      show,
      act: async (accounts) => {
        const { id: account } = await accounts.findLink(code, request.ip)
        const ask = (wrong: PasswordRefusal | null) =>
          newPasswordPage(frame, { code, account, length: passwordLength, wrong })
        if (password === null) return sendPage(reply, ask(null))
        if (password !== form.get('repeat')) return sendPage(reply.code(422), ask('repeat'))
        try {
          return await accounts.acceptLink(code, password, request.ip)
        } catch (error) {
          const wrong = passwordRefusalOf(error)
          if (wrong === null) throw error
          return sendPage(reply.code(422), ask(wrong))
        }
      },
    })
  }

  /** Does a step; whoever is not let in is shown the same step again, and it is noted. */
  async #try(
    request: FastifyRequest,
    reply: FastifyReply,
    step: {
      readonly act: (accounts: AccountService) => Promise<SignInStep | FastifyReply>
      readonly show: (wrong: Wrong | null) => FastifyReply
    },
  ): Promise<FastifyReply> {
    const accounts = this.#ways?.accounts
    try {
      if (!accounts) throw new AppError('auth', 'There are no accounts with a password.')
      const done = await step.act(accounts)
      return 'is' in done ? await this.#answer(request, reply, done) : done
    } catch (error) {
      if (!(error instanceof AppError) || !isRefusal(error)) throw error
      noteRefusal(this.#refusals, request, error.code)
      return step.show(wrongOf(error, reply))
    }
  }

  async #answer(request: FastifyRequest, reply: FastifyReply, step: SignInStep) {
    if (step.is === 'signed-in') return this.#signedIn(request, reply, step.secret)
    const frame = this.frame(request)
    if (step.is === 'second-factor') {
      return sendPage(reply, secondFactorPage(frame, { step: step.ticket, wrong: null }))
    }
    const totp = { uri: step.totpUri, secret: step.totpSecret }
    return sendPage(reply, setUpPage(frame, { step: step.ticket, totp, wrong: null }))
  }

  /** A new session in place of any the browser had, which ends: nobody is fixed to an old one. */
  async #signedIn(request: FastifyRequest, reply: FastifyReply, secret: string) {
    const before = secretOf(request)
    if (before !== null) await this.#sessions.logout(before)
    setSession(request, reply, secret)
    return reply.redirect('/', 303)
  }
}

/** The form that was sent; an empty one in place of anything else. */
function formOf({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams()
}

function isRefusal({ code, detail }: AppError): boolean {
  if (code === 'forbidden') return detail.rule === 'second_factor_lost'
  return code === 'auth' || code === 'too_many' || (code === 'invalid' && detail.rule === 'code')
}

/** Sets the status, and how long to wait; null where the step itself knows what was wrong. */
function wrongOf({ code, detail }: AppError, reply: FastifyReply): Wrong | null {
  if (code === 'forbidden') {
    reply.code(403)
    return { rule: 'lost' }
  }
  if (code !== 'too_many') {
    reply.code(401)
    return null
  }
  const seconds = Number(detail.retryAfterSeconds ?? 60)
  reply.code(429).header('retry-after', String(seconds))
  return { rule: 'too_many', waitMs: seconds * 1_000 }
}

/** Which rule for passwords an error names; null for any other error. */
export function passwordRefusalOf(error: unknown): PasswordRefusal | null {
  if (!(error instanceof AppError) || error.code !== 'invalid') return null
  const rule = String(error.detail.rule)
  return Object.hasOwn(passwordRefusalTexts, rule) ? (rule as PasswordRefusal) : 'unaccepted'
}
