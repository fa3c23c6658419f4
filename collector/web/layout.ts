import type { Snapshot } from '../kpi/snapshot.ts'
import { time, zone } from './format.ts'
import type { Frame } from './frame.ts'
import { type Content, type Html, html } from './html.ts'
import { directions, type Language, languages, say, sayPlainly } from './language.ts'
import { drawings } from './parts/drawings.ts'
import { heldBanner } from './parts/held.ts'
import { navigationBar } from './parts/navigation.ts'
import { paths } from './paths.ts'
import { shellTexts } from './texts/shell.ts'

const languageNames = { ar: 'العربية', en: 'English' } as const satisfies Record<Language, string>

export type Page = {
  /** Plain text: what the tab of the browser says before the name of the product. */
  readonly title: string
  /** The pages above this one, from the nation down; none on the nation's own page. */
  readonly trail: readonly { readonly href: string; readonly name: Content }[]
  /** What the figures come from; without it the page neither shows figures nor refreshes itself. */
  readonly snapshot: Snapshot | null
  readonly main: Content
  /** Does not refresh itself: it holds what was sent, or takes long to make. */
  readonly isStill?: boolean
  /** Seconds after which the browser loads the page again by itself. */
  readonly reloadSeconds?: number
}

/** A whole document around the content of a page. */
export function layout(frame: Frame, page: Page): string {
  const { language, assets } = frame
  const fonts = language === 'ar' ? [assets.fonts.ar, assets.fonts.latin] : [assets.fonts.latin]
  return html`<!doctype html>
<html lang="${language}" dir="${directions[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${page.reloadSeconds && html`<meta http-equiv="refresh" content="${page.reloadSeconds}">`}
<title>${page.title} – ${say(language, shellTexts.name)}</title>
${fonts.map(
  (url) => html`<link rel="preload" as="font" type="font/woff2" href="${url}" crossorigin>`,
)}
<link rel="stylesheet" href="${assets.style}">
<link rel="icon" type="image/svg+xml" href="${assets.icon}">
<script type="module" src="${assets.script}"></script>
</head>
<body>
<a class="skip" href="#main">${say(language, shellTexts.skip)}</a>
${drawings}
${page.snapshot?.simulated && simulated(language)}
${page.snapshot?.held && heldBanner(frame, page.snapshot.held)}
${header(frame)}
${navigationBar(frame)}
${page.snapshot && freshness(frame, page.snapshot, page.isStill ?? false)}
${page.trail.length > 0 && trail(frame, page)}
<main id="main" tabindex="-1">
${page.main}
</main>
${page.snapshot && footer(frame, page.snapshot)}
</body>
</html>
`.text
}

function simulated(language: Language): Html {
  return html`<p class="simulated" role="note">${say(language, shellTexts.simulated)}</p>`
}

function header(frame: Frame): Html {
  const { language, account } = frame
  const others = languages.filter((other) => other !== language)
  return html`<header>
<a class="brand" href="${paths.nation(language)}"><strong>${say(language, shellTexts.name)}</strong>
<span>${say(language, shellTexts.fullName)}</span></a>
<div class="tools">
${others.map(
  (other) =>
    html`<a href="${paths.nation(other)}${frame.path}" hreflang="${other}"
lang="${other}" dir="${directions[other]}">${languageNames[other]}</a>`,
)}
${
  account &&
  html`<a href="${paths.account(language)}">${say(language, shellTexts.account, {
    account: account.id,
  })}</a>
<form method="post" action="/logout"><button>${say(language, shellTexts.signOut)}</button></form>`
}
</div></header>`
}

/** How old the figures are. The script replaces `#times` and shows what else it has to say. */
function freshness(frame: Frame, snapshot: Snapshot, isStill: boolean): Html {
  const { language } = frame
  const asOf = time(frame, snapshot.asOf, 'minuteOfYear')
  const updated = time(frame, frame.now, 'second')
  const label = sayPlainly(language, shellTexts.freshness)
  const by = html`<bdi dir="ltr">${frame.account?.id}</bdi>`
  const printed = { account: by, time: time(frame, frame.now, 'minuteOfYear') }
  return html`<section class="freshness" aria-label="${label}">
<p id="times"><span>${say(language, shellTexts.asOf, { time: asOf })}</span>
<span>${say(language, shellTexts.zone, { zone: zone(frame, snapshot.asOf) })}</span>
<span>${say(language, shellTexts.updated, { time: updated })}</span></p>
${
  !isStill &&
  html`<button id="pause" hidden aria-pressed="false"
data-resume="${sayPlainly(language, shellTexts.resume)}">${say(language, shellTexts.pause)}</button>
<p id="stale" role="status"><span hidden>${say(language, shellTexts.stale)}</span></p>`
}<p class="printed">${say(language, shellTexts.printed, printed)} ·
${say(language, shellTexts.engine, { engine: snapshot.engine })}</p></section>`
}

function trail({ language }: Frame, page: Page): Html {
  const links = page.trail.map(({ href, name }) => html`<li><a href="${href}">${name}</a></li>`)
  return html`<nav class="trail" aria-label="${sayPlainly(language, shellTexts.trail)}">
<ol>${links}<li><span aria-current="page">${page.title}</span></li></ol></nav>`
}

function footer({ language }: Frame, snapshot: Snapshot): Html {
  return html`<footer><p>${say(language, shellTexts.fullName)}</p>
<p>${say(language, shellTexts.engine, { engine: snapshot.engine })}</p></footer>`
}
