import type { EnvironmentRow, InstitutionRow } from '../../kpi/snapshot.ts'
import type { Account } from '../../people/accounts.ts'
import type { ListedDeclaration, Offered } from '../../people/declarations.ts'
import type { DeclaredAbout } from '../../register/declarations.ts'
import { name, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, type Language, say, sayPlainly } from '../language.ts'
import {
  type DeclarableMetric,
  type DeclarationRefusalRule,
  dayCount,
  declarationRefusalTexts,
  declarationStateTexts,
  declarationTexts,
  declaredMetricTexts,
} from '../texts/declarations.ts'
import { byAt, decided, isRefused, type RefusedForm, typed, whyField } from './acts.ts'
import { chip } from './chip.ts'
import { formIdOf } from './declaration-forms.ts'
import type { Shape } from './icon.ts'
import { fieldsOf, refusalBox } from './refusal.ts'
import { facts } from './titled.ts'

/** A form about a declaration that was refused. */
export type RefusedDeclaration = RefusedForm<DeclarationRefusalRule>

/** What pages of declarations are made from. */
export type DeclarationsView = {
  readonly declarations: readonly ListedDeclaration[]
  /** What the model in force asks for. */
  readonly offered: Offered
  /** Nobody reviews what their own body declared. */
  readonly mayReview: (declaration: ListedDeclaration) => boolean
  readonly account: Account
  /** Whether the account declares for the institution of the page. */
  readonly mayAsk: boolean
  readonly refused: RefusedDeclaration | null
}

/** How evidence is named. */
const hash = 'SHA-256'

/** Why a form was refused; nothing without one. */
export function declarationProblem(writer: Writer, refused: RefusedDeclaration | null): Content {
  if (!refused) return null
  const { language } = writer
  const { rule, instants } = refused
  const texts = declarationRefusalTexts
  const words =
    rule === 'too_long'
      ? say(language, texts.too_long, { until: time(writer, instants.until ?? 0, 'dayOfYear') })
      : say(language, texts[rule])
  return refusalBox([{ words, fields: fieldsOf(refused) }])
}

/** What is declared, without its value. */
export function aboutWords(language: Language, about: DeclaredAbout, offered: Offered): Html {
  if (about.kind === 'metric') {
    // The rules let no other metric in.
    const { label } = declaredMetricTexts[about.metric as DeclarableMetric]
    return say(language, label)
  }
  const { criteria, notApplicable } = offered
  if (about.kind === 'waiver') {
    const id = html`<bdi dir="ltr">${about.criterion}</bdi>`
    const criterion = criteria.find((each) => each.id === about.criterion)
    const words = criterion && html` <small>${name(language, criterion.label)}</small>`
    return html`${say(language, declarationTexts.waiver, { id })}${words}`
  }
  const metric = notApplicable.find((each) => each.metric === about.metric)
  // A model that came later may not ask for it any more.
  const label = metric ? name(language, metric.label) : html`<code dir="ltr">${about.metric}</code>`
  return say(language, declarationTexts.notApplicable, { label })
}

/** A declared value as people say it; nothing where none is declared. */
export function valueWords(language: Language, about: DeclaredAbout): Content {
  if (about.kind !== 'metric') return null
  const { value } = about
  if (typeof value === 'number') return count(language, dayCount, value)
  return say(language, value ? declarationTexts.yes : declarationTexts.no)
}

const looks: Readonly<Record<ListedDeclaration['state'], readonly [tone: string, shape: Shape]>> = {
  open: ['unsure', 'hourglass'],
  verified: ['good', 'check'],
  refused: ['bad', 'cross'],
  withdrawn: ['none', 'minus'],
  expired: ['warning', 'clock'],
  replaced: ['none', 'minus'],
}

/** The state of a declaration. */
export function declarationChip(language: Language, state: ListedDeclaration['state']): Html {
  const [tone, shape] = looks[state]
  return chip(tone, shape, say(language, declarationStateTexts[state]))
}

/** Of what something is declared: an environment by its name, or the institution itself. */
export function placeWords(
  language: Language,
  environments: readonly EnvironmentRow[],
  environment: string | null,
): Html {
  if (environment === null) return say(language, declarationTexts.ofInstitution)
  const row = environments.find(({ id }) => id === environment)
  // What left the register since has no name any more.
  return row ? name(language, row.name) : html`<bdi dir="ltr">${environment}</bdi>`
}

/** One declaration with all that is known of it, and forms for whoever may. */
export function declarationItem(
  writer: Writer,
  view: DeclarationsView,
  declaration: ListedDeclaration,
  owner: InstitutionRow | undefined,
  heading?: Content,
): Html {
  const { language } = writer
  const { id, state, about, environment, decision, withdrawnAt, detail } = declaration
  const place = placeWords(language, owner?.environments ?? [], environment)
  return html`<li id="${id}"><div class="planned-head">
<h3>${aboutWords(language, about, view.offered)}</h3>
<span>${heading}${heading && ' · '}${place}</span>
${declarationChip(language, state)}</div>
${facts([
  [say(language, declarationTexts.value), valueWords(language, about)],
  [say(language, declarationTexts.expires), time(writer, declaration.expiresAt, 'dayOfYear')],
  [say(language, declarationTexts.detail), html`<bdi dir="auto">${detail}</bdi>`],
  [
    say(language, declarationTexts.evidence, { hash }),
    html`<code class="hash" dir="ltr">${declaration.evidenceSha256}</code>`,
  ],
  [
    say(language, declarationTexts.requestedBy),
    byAt(writer, declaration.requestedBy, declaration.requestedAt),
  ],
  [say(language, declarationTexts.decision), decision && decided(writer, decision)],
  [
    say(language, declarationTexts.withdrawnAt),
    withdrawnAt === null ? null : time(writer, withdrawnAt, 'minuteOfYear'),
  ],
])}
${forms(writer, view, declaration)}</li>`
}

function forms({ language }: Writer, view: DeclarationsView, declaration: ListedDeclaration) {
  const { state } = declaration
  const holds = state === 'open' || state === 'verified'
  const mayRenew = view.mayAsk && (state === 'verified' || state === 'expired')
  const renew = mayRenew && formIdOf(declaration.about, view.offered)
  return html`${state === 'open' && reviewForm(language, view, declaration)}
${renew && html`<p><a href="#${renew}">${say(language, declarationTexts.renew)}</a></p>`}
${view.mayAsk && holds && withdrawForm(language, view, declaration)}`
}

function reviewForm(language: Language, view: DeclarationsView, declaration: ListedDeclaration) {
  const { id } = declaration
  if (!view.mayReview(declaration)) {
    const isOwnBody = view.account.role === 'ministry' && declaration.requestedRole === 'admin'
    return isOwnBody && html`<p class="note">${say(language, declarationTexts.ownBody)}</p>`
  }
  const open = isRefused(view.refused, id, ['verify', 'refuse'])
  const field = `why-review-${id}`
  return html`<details id="review-${id}"${open && html` open`}>
<summary>${say(language, declarationTexts.review)}</summary>
<form class="act" method="post" action="#answer">${hidden(declaration)}
${whyField(language, field, typed(view.refused, open, 'why'), declarationTexts.whyReview)}
<p>${button(language, 'verify', 'main')} ${button(language, 'refuse')}</p>
</form></details>`
}

function withdrawForm(language: Language, view: DeclarationsView, declaration: ListedDeclaration) {
  const { id } = declaration
  const open = isRefused(view.refused, id, ['withdraw'])
  return html`<details id="change-${id}"${open && html` open`}>
<summary>${say(language, declarationTexts.takeBack)}</summary>
<form class="act" method="post" action="#answer">${hidden(declaration)}
${whyField(language, `why-change-${id}`, typed(view.refused, open, 'why'))}
<p>${button(language, 'withdraw')}</p>
</form></details>`
}

function hidden({ id, institution }: ListedDeclaration): Html {
  return html`<input type="hidden" name="institution" value="${institution}">
<input type="hidden" name="id" value="${id}">`
}

function button(language: Language, act: 'verify' | 'refuse' | 'withdraw', look?: 'main'): Html {
  const words = sayPlainly(language, declarationTexts[act])
  return html`<button name="act" value="${act}"${look && html` class="${look}"`}>${words}</button>`
}
