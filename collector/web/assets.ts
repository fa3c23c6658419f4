import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A file the board serves beside its pages. */
type Asset = { readonly type: string; readonly body: Buffer }

/** Addresses that the head of a page names. */
export type AssetUrls = {
  readonly style: string
  readonly script: string
  readonly icon: string
  readonly fonts: { readonly ar: string; readonly latin: string }
}

export type Assets = { readonly files: ReadonlyMap<string, Asset>; readonly urls: AssetUrls }

const stylesheets = [
  'fonts.css',
  'base.css',
  'parts.css',
  'forms.css',
  'charts.css',
  'trend.css',
  'readiness.css',
  'migration.css',
  'tables.css',
  'print.css',
]

/** Reads all assets once. An address holds the hash of its content, so it may be kept for ever. */
export function loadAssets(): Assets {
  const files = new Map<string, Asset>()
  const add = (file: string, type: string, body: Buffer): string => {
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
    const url = `/assets/${file.replace(/(\.\w+)$/, `-${hash}$1`)}`
    files.set(url, { type, body })
    return url
  }
  const fontUrls = new Map<string, string>()
  const font = (subset: string, weight: number): string => {
    const file = `ibm-plex-sans-arabic-${subset}-${weight}-normal.woff2`
    const url = add(`${subset}-${weight}.woff2`, 'font/woff2', fontFile(file))
    fontUrls.set(`font:${subset}-${weight}`, url)
    return url
  }
  const fonts = { ar: font('arabic', 400), latin: font('latin', 400) }
  font('arabic', 600)
  font('latin', 600)
  const style = stylesheets
    .map((file) => ownFile(file).toString('utf8'))
    .join('\n')
    .replace(/font:[a-z]+-\d+/g, (key) => fontUrls.get(key) ?? key)
  const urls = {
    style: add('board.css', 'text/css; charset=utf-8', Buffer.from(style)),
    script: add('board.js', 'text/javascript; charset=utf-8', ownFile('board.js')),
    icon: add('icon.svg', 'image/svg+xml', ownFile('icon.svg')),
    fonts,
  }
  return { files, urls }
}

function ownFile(name: string): Buffer {
  return readFileSync(new URL(`assets/${name}`, import.meta.url))
}

function fontFile(name: string): Buffer {
  const { resolve } = createRequire(import.meta.url)
  return readFileSync(resolve(`@fontsource/ibm-plex-sans-arabic/files/${name}`))
}
