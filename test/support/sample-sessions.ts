import type { Account, Sessions } from '../../collector/people/accounts.ts'

/** Sessions in memory: one code that opens one session once. */
export function sampleSessions(code: string, secret: string, account: Account): Sessions {
  let codeIsFresh = true
  let sessionIsOpen = true
  return {
    login: async (given) => {
      if (given !== code || !codeIsFresh) return null
      codeIsFresh = false
      sessionIsOpen = true
      return secret
    },
    account: async (given) => (sessionIsOpen && given === secret ? account : null),
    logout: async (given) => {
      if (given === secret) sessionIsOpen = false
    },
  }
}

/** Nobody is signed in, and nobody can be. */
export const noSessions: Sessions = {
  login: async () => null,
  account: async () => null,
  logout: async () => {},
}
