import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Role, Sessions } from '../people/accounts.ts'
import { homePage } from '../web/pages/home.ts'
import { everyone } from './access.ts'
import { languageOf } from './browser.ts'
import type { BoardPart, FormRoute, PageRoute } from './page-route.ts'
import { findAccount } from './session.ts'

/** What somebody finds first once signed in, and what takes its forms. */
export type Home = { readonly page: PageRoute; readonly form?: FormRoute }

/** One for each role: what has none of its own is met by the figures of its own and the ways on. */
export type Homes = Readonly<Partial<Record<Role, Home>>>

/** Where everybody's home is, behind the language. */
export const homePath = '/home'

const plainHome: Home = { page: async (frame, snapshot) => homePage(frame, snapshot) }

/** The home of everybody, by role. */
export function homePart(homes: Homes): BoardPart {
  const homeOf = (role: Role): Home => homes[role] ?? plainHome
  return {
    pages: {
      // The register may not name any more whose home it was.
      [homePath]: async (frame, ...shown) =>
        (await homeOf(frame.account.role).page(frame, ...shown)) ?? plainHome.page(frame, ...shown),
    },
    access: { [homePath]: everyone },
    forms: {
      [homePath]: async (account, ...asked) => {
        const { form } = homeOf(account.role)
        // Nothing on this home sends a form.
        return form ? form(account, ...asked) : ''
      },
    },
  }
}

/** From `/` to where somebody belongs: home once signed in, where the board has homes. */
export async function leadHome(
  request: FastifyRequest,
  reply: FastifyReply,
  sessions: Sessions,
  pages: BoardPart['pages'],
): Promise<FastifyReply> {
  const isHome = Object.hasOwn(pages, homePath) && (await findAccount(request, sessions)) !== null
  return reply.redirect(`/${languageOf(request)}${isHome ? homePath : ''}`)
}
