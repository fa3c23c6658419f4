import type { Observation } from '../../protocol/check.ts'
import { askedName } from './certificate.ts'
import { asciiHost, secondsSince } from './connection.ts'
import { Cookies } from './cookies.ts'
import { exchange, type HttpResponse } from './exchange.ts'
import { hiddenField } from './forms.ts'
import { allows } from './http.ts'
import {
  type JourneyField,
  type JourneySettings,
  type JourneyStep,
  maySendSecrets,
} from './journey-settings.ts'
import { down } from './network-error.ts'
import type { Probe, ProbeContext } from './probe.ts'
import { readSecretFields } from './secret-fields.ts'

const headerBytesMax = 64 * 1024
const redirectsMax = 10

/** Where a journey is: what it was given on the way and the page it last saw. */
type Visit = {
  readonly settings: JourneySettings
  readonly hosts: ReadonlySet<string>
  readonly secrets: ReadonlyMap<string, string>
  readonly cookies: Cookies
  readonly context: ProbeContext
  at: URL | null
  page: string
}

/** Ends a journey: a page is not what it should be. It never says how the page is. */
class StepFailed extends Error {
  override readonly name = 'StepFailed'
}

/**
 * Goes through a service as a visitor does and is up when every step is answered as expected.
 * Value: seconds until the last answer; `step`: the step that failed. A certificate that a browser
 * would refuse ends the journey, before any field or cookie is sent. Nothing of pages, fields and
 * cookies is told, nor is it in an error.
 */
export const journey: Probe<JourneySettings> = async (settings, context) => {
  const visit = await begin(settings, context)
  const { now, note, signal } = context
  const startedAt = now()
  for (const [index, step] of settings.steps.entries()) {
    try {
      await take(step, visit)
      note?.(`step ${index + 1}`, secondsSince(startedAt, now()))
    } catch (error) {
      const parts = { step: index + 1 }
      if (error instanceof StepFailed) return { state: 'down', reason: 'step_failed', parts }
      return { ...down(error, signal), parts }
    }
  }
  const value = secondsSince(startedAt, now())
  const isSlow = value > (settings.slowSeconds ?? Number.POSITIVE_INFINITY)
  const found: Observation = isSlow ? { state: 'degraded', reason: 'slow' } : { state: 'up' }
  return { ...found, value }
}

async function begin(settings: JourneySettings, context: ProbeContext): Promise<Visit> {
  const { steps, hosts, fieldsFile } = settings
  const isSecret = steps.some(({ fields }) => fields.some(({ fromFile }) => fromFile !== undefined))
  const named = steps.flatMap(({ url }) => (url === undefined ? [] : [new URL(url).host]))
  return {
    ...{ settings, context },
    hosts: new Set([...named, ...hosts.map((host) => new URL(`http://${host}`).host)]),
    secrets: isSecret && fieldsFile ? await readSecretFields(fieldsFile) : new Map(),
    cookies: new Cookies(),
    at: null,
    page: '',
  }
}

/** Makes one step, redirects included, and leaves where it ended in the visit. */
async function take(step: JourneyStep, visit: Visit): Promise<void> {
  let url = step.url === undefined ? new URL(step.path ?? '/', visit.at?.origin) : new URL(step.url)
  let form = step.method === 'POST' ? formOf(step, url, visit) : null
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    const answer = await ask(url, form, visit)
    const target = step.followRedirects ? redirectOf(answer, url) : null
    visit.at = url
    if (!target) {
      visit.page = answer.body.toString('utf8')
      return expectPage(step, answer.status, visit.page)
    }
    if (
      !visit.hosts.has(target.host) ||
      (url.protocol === 'https:' && target.protocol !== 'https:')
    ) {
      throw new StepFailed('A redirect leads out of the journey.')
    }
    // 307 and 308 ask for the same once more, fields included: those are for who was first asked.
    const again = form !== null && (answer.status === 307 || answer.status === 308)
    if (again && target.host !== url.host) throw new StepFailed('A redirect takes the fields away.')
    if (!again) form = null
    url = target
  }
  throw new StepFailed('Too many redirects.')
}

async function ask(url: URL, form: string | null, visit: Visit): Promise<HttpResponse<null>> {
  const { settings, cookies, context, at } = visit
  const name = asciiHost(url.hostname)
  const cookie = cookies.headerFor(url)
  // A form's own page says where it comes from; some frameworks refuse it otherwise.
  const origin = (at ?? url).origin
  const posted = { 'content-type': 'application/x-www-form-urlencoded', origin }
  const answer = await exchange(
    {
      ...{ url, hostname: name, method: form === null ? 'GET' : 'POST' },
      headers: { accept: '*/*', ...(cookie && { cookie }), ...(form !== null && posted) },
      ...(form !== null && { body: form }),
      handshake: { rejectUnauthorized: settings.trust === 'system', servername: askedName(name) },
      ...{ headerBytesMax, bodyBytesMax: settings.bodyBytesMax },
    },
    { ...context, note: () => {} },
    () => null,
  )
  cookies.take(answer.headers['set-cookie'] ?? [], url, context.now())
  return answer
}

function formOf({ fields }: JourneyStep, url: URL, visit: Visit): string {
  const form = new URLSearchParams()
  for (const field of fields) form.append(field.name, sentBy(field, url, visit))
  return form.toString()
}

function sentBy({ value, fromFile, fromPage }: JourneyField, url: URL, visit: Visit): string {
  if (fromPage !== undefined) {
    const found = hiddenField(visit.page, fromPage)
    if (found === null) throw new StepFailed('A hidden field is not on the page.')
    return found
  }
  if (fromFile === undefined) return value ?? ''
  const secret = visit.secrets.get(fromFile)
  if (secret === undefined) throw new Error(`fieldsFile has no line for "${fromFile}".`)
  if (!maySendSecrets(url, visit.settings)) {
    throw new Error('A field from fieldsFile is only sent by https, to a trusted server.')
  }
  return secret
}

/** Where an answer sends the visitor, or null. Throws where that is no address at all. */
function redirectOf({ status, headers }: HttpResponse<null>, from: URL): URL | null {
  const { location } = headers
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null
  const target = URL.parse(location, from)
  if (!target || !/^https?:$/.test(target.protocol) || target.username || target.password) {
    throw new StepFailed('A redirect leads nowhere.')
  }
  return target
}

function expectPage(step: JourneyStep, status: number, page: string): void {
  const { bodyIncludes, bodyExcludes } = step
  const isExpected =
    allows(step.status, status) &&
    (bodyIncludes === undefined || page.includes(bodyIncludes)) &&
    (bodyExcludes === undefined || !page.includes(bodyExcludes))
  if (!isExpected) throw new StepFailed('The page is not as expected.')
}
