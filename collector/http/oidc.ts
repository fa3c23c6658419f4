import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../error.ts'
import { OidcFailure, type OidcReason, oidcLimits } from '../people/oidc-settings.ts'
import type { OidcSignIn } from '../people/open-oidc.ts'
import { enteredPage, leftPage, notEnteredPage } from '../web/pages/oidc.ts'
import { cookie, languageOf, sendPage, setSession } from './browser.ts'
import type { FrameOf } from './page-route.ts'
import { anybody } from './public-route.ts'
import type { RefusalLog } from './refusals.ts'

/** Where signing in by the provider begins. */
export const oidcPath = '/login/oidc'
/** Where those go who signed out of the board and had come by the provider. */
export const oidcLeftPath = '/logout/oidc'

const callbackPath = `${oidcPath}/callback`
const secretCharactersMax = 200

const statuses: Record<OidcReason, number> = {
  unavailable: 503,
  expired: 400,
  refused: 403,
  invalid: 403,
  unproven: 403,
  unknown: 403,
}

/** The way to the provider and back. A failure is a page that says why, and a line in the log. */
export function oidcRoutes(
  app: FastifyInstance,
  { client, signIn }: OidcSignIn,
  frameOf: FrameOf,
  refusals: RefusalLog,
): void {
  const frame = (request: FastifyRequest) => frameOf(request, languageOf(request), null, null)
  const refuse = (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
    if (!(error instanceof OidcFailure)) throw error
    const { reason, hint } = error
    const refusal = { code: 'auth', ip: request.ip, bytes: null, sha256: () => null }
    refusals.note(refusal, (fields) => {
      request.log.warn({ ...fields, reason, hint }, 'not signed in by the provider')
    })
    if (reason === 'unavailable') reply.header('retry-after', 30)
    return sendPage(reply.code(statuses[reason]), notEnteredPage(frame(request), reason))
  }

  app.get(oidcPath, anybody, async (request, reply) => {
    try {
      const { url, secret } = await client.begin(callbackOf(request), request.ip)
      setFlow(request, reply, secret)
      return reply.redirect(url, 303)
    } catch (error) {
      return refuse(request, reply, error)
    }
  })

  app.get(callbackPath, anybody, async (request, reply) => {
    try {
      const query = request.url.slice(callbackPath.length + 1)
      const claim = await client.finish(flowOf(request), query)
      const session = await signIn(claim)
      if (session === null) throw new OidcFailure('unknown', 'no_account')
      setFlow(request, reply, null)
      setSession(request, reply, session)
      // A redirect would still be the other site's: the session's cookie, which is strict, would
      // stay at home. What this page itself goes on to is ours.
      return sendPage(reply.header('refresh', '0; url=/'), enteredPage(frame(request)))
    } catch (error) {
      return refuse(request, reply, error)
    }
  })

  app.get(oidcLeftPath, anybody, async (request, reply) => {
    // Without the provider there is no address to show; signed out of the board they are.
    const url = await client.endSessionUrl().catch((error: unknown) => {
      if (error instanceof OidcFailure) return null
      throw error
    })
    return sendPage(reply, leftPage(frame(request), url))
  })
}

/** The address of the board as the browser knows it; the provider knows which it may be. */
function callbackOf({ protocol, host }: FastifyRequest): string {
  const url = `${protocol}://${host}${callbackPath}`
  if (!URL.canParse(url)) throw new AppError('invalid', 'The host is malformed.')
  return url
}

function flowOf(request: FastifyRequest): string | null {
  const secret = cookie(request, 'sign-in')
  return secret !== null && secret.length <= secretCharactersMax ? secret : null
}

/** Lax, not strict: it must come along when the provider sends the browser back. */
function setFlow(request: FastifyRequest, reply: FastifyReply, secret: string | null): void {
  const secure = request.protocol === 'https' ? '; Secure' : ''
  const seconds = secret === null ? 0 : oidcLimits.flowLifeMs / 1_000
  const attributes = `Path=${oidcPath}; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`
  reply.header('set-cookie', `sign-in=${secret ?? ''}; ${attributes}`)
}
