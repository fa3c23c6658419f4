import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'

const run = promisify(execFile)

/** A point of Debian's poppler. Source: https://www.w3.org/TR/css-values-4/#absolute-lengths */
const pointsPerMm = 72 / 25.4

/** What the sheets of `print.css` leave free at each side. Unit: millimetres. */
const margins = { top: 16, side: 14, bottom: 18 }

/** How tall a mark is, in the board's own font at a quarter of a CSS pixel. Unit: points. */
const markHeightMin = 0.2475

/** A sheet: its words with their boxes, in points from the upper left. */
type Sheet = { readonly width: number; readonly height: number; readonly words: readonly Word[] }
type Word = {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * Prints a page and looks at the sheets: what is wrong with them. Before that, small marks are put
 * where something begins and ends, as no program tells of a PDF which words are one row.
 */
export async function lookAtPrint(page: Page, file: string): Promise<string[]> {
  await page.emulateMedia({ media: 'print' })
  await page.evaluate('document.fonts.ready')
  const placed = await page.evaluate<string[]>(marking)
  await page.pdf({ path: file, preferCSSPageSize: true, printBackground: true })
  const sheets = await sheetsOf(file)
  return [
    ...overTheEdge(sheets),
    ...smaller(sheets),
    ...(await inkInMargins(file)),
    ...lost(sheets, placed),
    ...cut(sheets),
    ...headless(sheets),
    ...sheets.flatMap(({ words }) =>
      words.filter(({ text }) => text === 'zzN').map(() => 'a form or a way to others'),
    ),
  ]
}

async function sheetsOf(file: string): Promise<Sheet[]> {
  const options = { maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await run('pdftotext', ['-bbox', file, '-'], options)
  return stdout
    .split('<page ')
    .slice(1)
    .map((text) => {
      const size = /width="([\d.]+)" height="([\d.]+)"/.exec(text)!
      const found = text.matchAll(
        /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/g,
      )
      const words = [...found].map(([, left, top, right, bottom, word]) => ({
        ...{ text: word!, left: Number(left), right: Number(right) },
        ...{ top: Number(top), bottom: Number(bottom) },
      }))
      return { width: Number(size[1]), height: Number(size[2]), words }
    })
}

function overTheEdge(sheets: readonly Sheet[]): string[] {
  const side = margins.side * pointsPerMm - 1
  return sheets.flatMap(({ words, width }, i) =>
    words
      .filter(({ left, right }) => left < side || right > width - side)
      .map(({ text }) => `sheet ${i + 1}: over the edge: ${text}`),
  )
}

/** Chromium makes all of a page smaller where something on it is too wide. */
function smaller(sheets: readonly Sheet[]): string[] {
  const marks = sheets.flatMap(({ words }) => words.filter(({ text }) => text.startsWith('zz')))
  const heights = marks.map(({ top, bottom }) => bottom - top)
  const least = Math.min(...heights)
  return least < markHeightMin ? [`is made smaller: a mark is ${least} points tall`] : []
}

/** Drawings have no words: no margin may hold any ink but the number of the sheet. */
async function inkInMargins(file: string): Promise<string[]> {
  const perInch = 36
  const args = ['-gray', '-r', String(perInch), file]
  const { stdout } = await run('pdftoppm', args, {
    ...{ encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  })
  const problems: string[] = []
  const pixels = (mm: number) => Math.floor((mm / 25.4) * perInch) - 1
  for (let at = 0, sheet = 1; at < stdout.length; sheet++) {
    const head = /^P5\s(\d+)\s(\d+)\s255\s/.exec(stdout.toString('latin1', at, at + 40))!
    const [width, height] = [Number(head[1]), Number(head[2])]
    at += head[0].length
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)]
      const isMargin =
        x < pixels(margins.side) || x >= width - pixels(margins.side) || y < pixels(margins.top)
      if (isMargin && stdout[at + i]! < 200) {
        problems.push(`sheet ${sheet}: ink in the margin at ${x}, ${y} of ${width} x ${height}`)
        break
      }
    }
    at += width * height
  }
  return problems
}

/** Marks by their number, with the sheets on which they stand. */
function marks(sheets: readonly Sheet[], kind: string): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>()
  sheets.forEach(({ words }, i) => {
    for (const { text } of words) {
      const [, of, id] = /^zz([A-Z])([a-z]+)$/.exec(text) ?? []
      if (of === kind) found.set(id!, (found.get(id!) ?? new Set()).add(i))
    }
  })
  return found
}

/** Of a mark that is not found nothing could be said. */
function lost(sheets: readonly Sheet[], placed: readonly string[]): string[] {
  const found = new Set(sheets.flatMap(({ words }) => words.map(({ text }) => text)))
  return placed.filter((mark) => !found.has(mark)).map((mark) => `${mark} is lost`)
}

/** Rows, items, cards without a table, and headings with what follows stand on one sheet each. */
function cut(sheets: readonly Sheet[]): string[] {
  const names = { R: 'row', C: 'card', K: 'heading' }
  return Object.entries(names).flatMap(([kind, name]) =>
    [...marks(sheets, kind)]
      .filter(([, on]) => on.size > 1)
      .map(([id, on]) => `${name} ${id} is cut: sheets ${[...on].map((i) => i + 1)}`),
  )
}

/** Each sheet with rows of a table has its head above them. */
function headless(sheets: readonly Sheet[]): string[] {
  const heads = marks(sheets, 'H')
  return [...marks(sheets, 'T')].flatMap(([id, on]) =>
    [...on]
      .filter((i) => !heads.get(id)?.has(i))
      .map((i) => `table ${id} has no head on sheet ${i + 1}`),
  )
}

/** In the browser: words too small to be in anybody's way. */
const marking = `(() => {
  let n = 0
  // Letters only: in Arabic lines figures do not stay beside them.
  const next = () => String(++n).replace(/\\d/g, (digit) => 'abcdefghij'[digit])
  const placed = []
  const isShown = (at) => at.checkVisibility()
  const mark = (at, text, where = 'beforeend') => {
    const word = document.createElement('span')
    word.textContent = ' ' + text + ' '
    word.style.cssText = 'position: absolute; font: 0.25px/1 IBM Plex Sans Arabic;' +
      'color: #ddd; white-space: pre; direction: ltr; unicode-bidi: isolate'
    at.insertAdjacentElement(where, word)
    if (text !== 'zzN') placed.push(text)
  }
  // What repeats with the head of a table is what stands in the flow.
  const headed = (at, text) => {
    mark(at, text)
    at.lastElementChild.style.position = 'static'
  }
  // In the last of what is inside: at its own end a grid would put a mark where it begins.
  const lastIn = (at) => {
    const inner = [...at.children].filter((each) => isShown(each) && each.localName !== 'svg').pop()
    return inner ? lastIn(inner) : at
  }
  const both = (at, text) => {
    mark(at, text, 'afterbegin')
    mark(lastIn(at), text)
  }
  for (const table of [...document.querySelectorAll('main table')].filter(isShown)) {
    const id = next()
    const [head] = table.tHead.rows[0].cells
    headed(head, 'zzH' + id)
    for (const row of table.tBodies[0].rows) {
      const own = next()
      mark(row.cells[0], 'zzT' + id)
      for (const cell of row.cells) both(cell, 'zzR' + own)
    }
  }
  for (const item of document.querySelectorAll('main .planned > li')) both(item, 'zzR' + next())
  for (const card of [...document.querySelectorAll('main .card')].filter(isShown)) {
    if (![...card.querySelectorAll('table, .planned')].some(isShown)) both(card, 'zzC' + next())
  }
  for (const heading of [...document.querySelectorAll('main :is(h1, h2, h3)')].filter(isShown)) {
    let after = heading.nextElementSibling
    while (after && !isShown(after)) after = after.nextElementSibling
    if (!after || after.localName === 'svg') continue
    const id = next()
    mark(heading, 'zzK' + id)
    mark(after.querySelector('thead th, li') ?? after, 'zzK' + id, 'afterbegin')
  }
  const hidden = 'nav, form, button, input, select, summary:has(~ form), .tools, .skip'
  for (const each of document.querySelectorAll(hidden)) mark(each, 'zzN', 'afterbegin')
  return placed
})()`
