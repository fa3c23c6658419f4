/** A person signed in on a collector that runs as a process, speaking to it over HTTP. */
export class BoardSession {
  readonly #url: string
  readonly #cookie: string

  private constructor(url: string, cookie: string) {
    this.#url = url
    this.#cookie = cookie
  }

  /** Uses the one-time login address that a start printed. */
  static async open(loginUrl: string): Promise<BoardSession> {
    const { origin, hash } = new URL(loginUrl)
    const answer = await fetch(`${origin}/login`, {
      method: 'POST',
      body: new URLSearchParams({ code: hash.slice(1) }),
      redirect: 'manual',
    })
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('session='))
    if (!cookie) throw new Error(`No session: ${answer.status} ${await answer.text()}`)
    return new BoardSession(origin, cookie.split(';')[0]!)
  }

  async json<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.#url}${path}`, { headers: { cookie: this.#cookie } })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  async page(path: string): Promise<string> {
    const answer = await fetch(`${this.#url}${path}`, { headers: { cookie: this.#cookie } })
    return answer.text()
  }

  async token(institution: string, environment: string, usesMax = 1): Promise<string> {
    const answer = await fetch(`${this.#url}/api/v1/tokens`, {
      method: 'POST',
      headers: { cookie: this.#cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ institution, environment, usesMax, lifeHours: 1 }),
    })
    const { token } = (await answer.json()) as { token: string }
    return token
  }
}
