import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Language, languages } from '../web/language.ts'

/** What the board asks of browsers: cookies, languages, forms, and where a request comes from. */

const secondsPerYear = 31_536_000

/** Headers of every answer of the board. No inline style or script, nothing from elsewhere. */
export const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
    "frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
  'referrer-policy': 'same-origin',
} as const

/** Answers with a page. */
export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page)
}

/** The value of a cookie that was sent, or null. */
export function cookie(request: FastifyRequest, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === sentAs(request, name) && value) return value
  }
  return null
}

/** Over https no other host and no plain page can set the session's cookie: its name says so. */
function sentAs({ protocol }: FastifyRequest, name: string): string {
  return name === 'session' && protocol === 'https' ? '__Host-session' : name
}

/** Keeps the session's secret in the browser until it closes; null forgets it. */
export function setSession(request: FastifyRequest, reply: FastifyReply, secret: string | null) {
  const secure = request.protocol === 'https' ? '; Secure' : ''
  const end = secret === null ? '; Max-Age=0' : ''
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure}${end}`
  reply.header('set-cookie', `${sentAs(request, 'session')}=${secret ?? ''}; ${attributes}`)
}

/** Remembers in which language the board was last read. */
export function setLanguage(reply: FastifyReply, language: Language) {
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${secondsPerYear}`
  reply.header('set-cookie', `language=${language}; ${attributes}`)
}

/** The language for somebody whose address names none: as last read, else as the browser asks. */
export function languageOf(request: FastifyRequest): Language {
  const last = languages.find((language) => language === cookie(request, 'language'))
  return last ?? accepted(request.headers['accept-language'] ?? '') ?? 'ar'
}

function accepted(header: string): Language | undefined {
  const wishes = header.split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const quality = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean)
    return { language: tag.split('-')[0], quality: Number(quality ?? 1) }
  })
  const inOrder = wishes.toSorted((a, b) => b.quality - a.quality)
  const known = inOrder.filter(({ quality }) => quality > 0).map(({ language }) => language)
  const first = known.find((each) => languages.some((language) => language === each))
  return languages.find((language) => language === first)
}

/** Where the browser finds this board; what no address can be written with is left out. */
export function originOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host.replaceAll(/[^\w.:[\]-]/g, '')}`
}

/**
 * Whether a page of another site sent the request. Every browser says where a form stands, in one
 * of three headers; what is a browser by its name and says it in none is refused. Others need not.
 */
export function isForeign(request: FastifyRequest): boolean {
  const { origin, referer, 'sec-fetch-site': site, 'user-agent': agent } = request.headers
  if (origin !== undefined) return !isOfHost(origin, request.host)
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (referer !== undefined) return !isOfHost(referer, request.host)
  return cookie(request, 'session') !== null && /^Mozilla\//.test(agent ?? '')
}

function isOfHost(url: string, host: string): boolean {
  return URL.canParse(url) && new URL(url).host === host
}

/** The path behind the language; nothing on pages whose address names no language. */
export function pathOf(request: FastifyRequest, language: Language): string {
  const [path = ''] = request.url.split('?')
  const prefix = `/${language}`
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : ''
}
