import type { InstitutionRow } from '../../kpi/snapshot.ts'
import { number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { hostTexts } from '../texts/hosts.ts'
import { isRefused, type RefusedForm, typed } from './acts.ts'
import { hostProblems } from './hosts.ts'
import { answerId } from './refusal.ts'

export type InstallView = {
  readonly row: InstitutionRow
  /** Where hosts reach the collector: where the reader found the board. */
  readonly origin: string
  readonly refused: RefusedForm<string> | null
  /** The token that was just made. */
  readonly made: Readonly<Record<string, string>> | null
  /** Of the packages. */
  readonly version: string
  /** How much a token may be made for. */
  readonly caps: { readonly usesMax: number; readonly lifeHoursMax: number }
}

/** How hosts join: a form that makes a capped token, and then the lines to paste, complete. */
export function installSection(writer: Writer, view: InstallView): Html {
  const { language } = writer
  const { row, made, origin } = view
  if (row.environments.length === 0) return html``
  const address = html`<bdi dir="ltr">${origin}</bdi>`
  const isOwn = /^https?:\/\/(localhost|127\.|\[::1\])/.test(origin)
  return html`<section class="card" aria-labelledby="install">
<h2 id="install">${say(language, hostTexts.install)}</h2>
${hostProblems(language, view.refused, 'token')}
<p class="note">${say(language, hostTexts.installHow)} ${say(language, hostTexts.packages)}</p>
${isOwn && html`<p class="flag">${say(language, hostTexts.loopback, { address })}</p>`}
${made?.token ? madeToken(writer, view, { ...made, token: made.token }) : tokenForm(writer, view)}
</section>`
}

/** The lines of docs/install.md with this board's address and this token. */
export function installLines({ origin, version }: Lines, token: string) {
  return {
    // Nothing asks on the way: it would take the lines that were pasted behind it for an answer.
    linux: `apt install -y ./istimrar-agent_${version}-1_amd64.deb
istimrar-agent init --collector ${origin}`,
    rpm: `dnf install ./istimrar-agent-${version}-1.x86_64.rpm`,
    join: `(umask 077; printf '%s\\n' '${token}' > token)
istimrar-agent enrol --token-file token && rm token
istimrar-agent status`,
    windows: `Set-Content -Path C:\\token.txt -Value '${token}'
.\\install.ps1 -Collector ${origin} -TokenFile C:\\token.txt
if ($LASTEXITCODE -eq 0) { Remove-Item C:\\token.txt }`,
  }
}

type Lines = Pick<InstallView, 'origin' | 'version'>

function madeToken(
  writer: Writer,
  view: InstallView,
  made: Readonly<Record<string, string>> & { token: string },
): Html {
  const { language } = writer
  const lines = installLines(view, made.token)
  const values = {
    id: html`<code dir="ltr">${made.id}</code>`,
    time: time(writer, Number(made.expiresAt), 'minuteOfYear'),
    uses: number(language, Number(made.uses)),
  }
  const code = (text: string) => html`<code dir="ltr">${text}</code>`
  const linux = { system: 'Linux', user: code('root') }
  const waits = { command: code('enrol'), code: number(language, 3) }
  // Told as an alert: the page does not refresh itself over what is shown only once.
  return html`<div class="made" id="${answerId}" role="alert" tabindex="-1">
<p>${say(language, hostTexts.made, values)} ${say(language, hostTexts.shownOnce)}</p></div>
<h3>${say(language, hostTexts.asRoot, linux)}</h3>${paste('linux', lines.linux)}
<p class="note">${say(language, hostTexts.rpm, { command: command(lines.rpm) })}
${say(language, hostTexts.review, { file: code('/etc/istimrar/agent.yaml') })}</p>
${paste('join', lines.join)}
<p class="note">${say(language, hostTexts.waitsFor, waits)}</p>
<h3>${say(language, hostTexts.onWindows, { system: 'Windows' })}</h3>
${paste('windows', lines.windows)}`
}

/** A command in a sentence: it may be broken where the screen is narrow. */
export function command(text: string): Html {
  return html`<code class="command" dir="ltr">${text}</code>`
}

function paste(id: string, lines: string): Html {
  return html`<pre class="paste" id="paste-${id}" dir="ltr" tabindex="0">${lines}</pre>`
}

function tokenForm({ language }: Writer, { row, refused, caps }: InstallView): Html {
  const open = isRefused(refused, '', ['token'])
  const sent = (field: string, otherwise = '') => typed(refused, open, field) || otherwise
  const example = html`<bdi dir="ltr">192.0.2.0/24</bdi>`
  const max = (n: number) => ({ max: number(language, n) })
  const options = row.environments.map(
    (each) => html`<option value="${each.id}"${each.id === sent('environment') && html` selected`}>
${each.name[language]}</option>`,
  )
  return html`<form class="act" method="post" action="#answer">
<p><label for="token-environment">${say(language, hostTexts.environment)}</label>
<select id="token-environment" name="environment" required>${options}</select></p>
<div class="times">
${whole('uses', say(language, hostTexts.usesField, max(caps.usesMax)), sent('uses', '1'))}
${whole('hours', say(language, hostTexts.hoursField, max(caps.lifeHoursMax)), sent('hours', '24'))}
</div>
<p><label for="token-subnets">${say(language, hostTexts.subnetsField, { example })}</label>
<input id="token-subnets" name="subnets" dir="ltr" autocomplete="off" maxlength="1000"
value="${sent('subnets')}"></p>
<p class="choice"><input id="token-approval" type="checkbox" name="approval" value="yes"${
    sent('approval') === 'yes' && html` checked`
  }> <label for="token-approval">${say(language, hostTexts.approvalField)}</label></p>
<p>${makeButton(language)}</p></form>`
}

/** Text, not `number`: what is typed wrong comes back with the form, and is told in words. */
function whole(field: string, label: Content, value: string): Html {
  return html`<p><label for="token-${field}">${label}</label>
<input id="token-${field}" name="${field}" inputmode="numeric" dir="ltr" required maxlength="6"
autocomplete="off" value="${value}"></p>`
}

function makeButton(language: Language): Html {
  const words = say(language, hostTexts.make)
  return html`<button name="act" value="token" class="main">${words}</button>`
}
