import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A deadline for what hangs, on a busy machine too. */
const patienceMs = 120_000

/** The Chromium of the system. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find(existsSync)
  if (!executablePath) throw new Error('There is no chromium on the PATH.')
  return chromium.launch({ executablePath, args: flags, timeout: patienceMs })
}

/** A page that keeps what went wrong in it and which hosts it asked. */
export async function openPage(
  context: BrowserContext,
): Promise<{ page: Page; problems: string[]; hosts: Set<string> }> {
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const problems: string[] = []
  const hosts = new Set<string>()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    dialog.dismiss()
  })
  page.on('request', (request) => hosts.add(new URL(request.url()).host))
  return { page, problems, hosts }
}

/** How far the page is wider than the window. Unit: CSS pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
}

/**
 * Texts whose contrast is below WCAG 2.2 AA, as "text: ratio". Large text needs 3, other text 4.5.
 * Source of the formula: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function contrastProblems(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number)
    const luminance = (color) => {
      const [r, g, b] = channels(color).map((value) => {
        const share = value / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ground = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor
        const alpha = channels(color)[3] ?? 1
        if (alpha === 1) return color
        if (alpha > 0) return 'rgb(127, 127, 127)'
      }
      return 'rgb(255, 255, 255)'
    }
    const problems = new Set()
    for (const element of document.body.querySelectorAll('*')) {
      const own = [...element.childNodes].filter((node) => node.nodeType === 3)
      const text = own.map((node) => node.data).join('').trim()
      if (!text || !element.checkVisibility()) continue
      const style = getComputedStyle(element)
      const ink = element.closest('svg') ? style.fill : style.color
      const [light, dark] = [luminance(ink), luminance(ground(element))].sort((a, b) => b - a)
      const ratio = (light + 0.05) / (dark + 0.05)
      const size = parseFloat(style.fontSize)
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600)
      if (ratio < (large ? 3 : 4.5)) problems.add(text.slice(0, 40) + ': ' + ratio.toFixed(2))
    }
    return [...problems]
  })()`)
}

/** What the keyboard reaches, in order, as "element name"; and whether each shows its focus. */
export async function tabStops(page: Page, n: number): Promise<{ name: string; seen: boolean }[]> {
  const stops: { name: string; seen: boolean }[] = []
  for (let i = 0; i < n; i++) {
    await page.keyboard.press('Tab')
    stops.push(
      await page.evaluate(`(() => {
        const at = document.activeElement
        const style = getComputedStyle(at)
        const words = at.textContent.trim().replaceAll(/\\s+/g, ' ')
        const name = at.getAttribute('aria-labelledby') ?? words
        return {
          name: at.localName + ' ' + name,
          seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        }
      })()`),
    )
  }
  return stops
}
