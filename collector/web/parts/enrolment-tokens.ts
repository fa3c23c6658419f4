import type { InstitutionRow } from '../../kpi/snapshot.ts'
import type { ListedToken } from '../../people/hosts.ts'
import { number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { hostTexts, tokenStateTexts } from '../texts/hosts.ts'
import { isRefused, type RefusedForm, typed, whyField } from './acts.ts'
import { chip } from './chip.ts'
import { environmentName, hostProblems, notShown } from './hosts.ts'
import type { Shape } from './icon.ts'
import { table } from './table.ts'

export type TokensView = {
  readonly row: InstitutionRow
  readonly tokens: readonly ListedToken[]
  readonly refused: RefusedForm<string> | null
}

/** Tokens on the page; the API lists the rest. */
const tokensShownMax = 50

const looks: Readonly<Record<ListedToken['state'], readonly [tone: string, shape: Shape]>> = {
  open: ['good', 'check'],
  used: ['none', 'minus'],
  expired: ['none', 'hourglass'],
  ended: ['none', 'cross'],
}

/** The tokens with which hosts join, never their texts; open ones can be ended. */
export function tokensSection(writer: Writer, view: TokensView): Html {
  const { language } = writer
  const shown = view.tokens.slice(0, tokensShownMax)
  const columns = [
    { head: say(language, hostTexts.token) },
    { head: say(language, hostTexts.environment) },
    { head: say(language, hostTexts.tokenState) },
    { head: say(language, hostTexts.uses) },
    { head: say(language, hostTexts.expires) },
    { head: say(language, hostTexts.caps) },
    { head: say(language, hostTexts.end) },
  ]
  const rows = shown.map((token) => [
    html`<code class="hash" dir="ltr" id="token-${token.id}">${token.id}</code>`,
    environmentName(language, view.row, token.environment),
    chip(...looks[token.state], say(language, tokenStateTexts[token.state])),
    say(language, hostTexts.usesOf, {
      uses: number(language, token.uses),
      usesMax: number(language, token.usesMax),
    }),
    time(writer, token.expiresAt, 'minuteOfYear'),
    caps(language, token),
    token.state === 'open' ? endForm(language, view, token) : null,
  ])
  return html`<section class="card" aria-labelledby="tokens">
<h2 id="tokens">${say(language, hostTexts.tokens)}</h2>
${hostProblems(language, view.refused, 'end')}
${
  rows.length === 0
    ? html`<p class="calm">${say(language, hostTexts.noTokens)}</p>`
    : table({ labelledBy: 'tokens', columns, rows, cards: true })
}
${notShown(language, view.tokens.length - shown.length)}</section>`
}

function caps(language: Language, { subnets, approval }: ListedToken): Content {
  const networks = html`<bdi dir="ltr">${subnets?.join(' ')}</bdi>`
  return [
    subnets && html`<div>${say(language, hostTexts.capSubnets, { subnets: networks })}</div>`,
    approval && html`<div>${say(language, hostTexts.capApproval)}</div>`,
    !subnets && !approval && say(language, hostTexts.capNone),
  ]
}

function endForm(language: Language, { refused }: TokensView, { id }: ListedToken): Html {
  const open = isRefused(refused, id, ['end'])
  return html`<details id="end-${id}"${open && html` open`}>
<summary>${say(language, hostTexts.end)}</summary>
<form class="act" method="post" action="#answer"><input type="hidden" name="id" value="${id}">
${whyField(language, `why-end-${id}`, typed(refused, open, 'why'))}
<p><button name="act" value="end">${say(language, hostTexts.end)}</button></p>
</form></details>`
}
