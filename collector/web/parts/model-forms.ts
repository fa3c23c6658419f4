import type { ModelAct } from '../../register/models.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { type ModelRule, modelRefusalTexts, modelTexts } from '../texts/models.ts'
import { isRefused, type RefusedForm, typed, whyField } from './acts.ts'
import { type FormProblem, problemList } from './migration-forms.ts'
import { fileField, type NamedFile } from './sent-file.ts'

/** Names of files that are read; JSON is YAML as well. */
const extensions = { yaml: '.yaml', json: '.json' } as const

/** The field that a rule is about; none where it is about all. */
const fieldsOfRules: Readonly<Partial<Record<ModelRule, string>>> = {
  ...{ no_file: 'file', format: 'file', file: 'file', why: 'why', cycle: 'asOf' },
}

/** Why a form about models was refused, with what is wrong in its file. */
export function modelProblem(
  language: Language,
  refused: RefusedForm<string> | null,
  problems: readonly FormProblem[],
  words: Parameters<typeof problemList>[3],
): Content {
  if (!refused) return null
  const known = Object.hasOwn(modelRefusalTexts, refused.rule)
  const rule = known ? (refused.rule as ModelRule) : 'other'
  const text =
    rule === 'format'
      ? say(language, modelRefusalTexts.format, extensions)
      : say(language, modelRefusalTexts[rule])
  const fields = fieldsOfRules[rule] ?? ''
  return html`<div class="wrong" id="answer" role="alert" tabindex="-1">
<p data-fields="${fields}">${text}</p>
${problems.length > 0 && problemList(language, problems, modelTexts.problems, words)}</div>`
}

/** Chooses the file of a model, and shows what it changes. */
export function chooseModelForm(language: Language): Html {
  const formats = { yaml: 'YAML', json: 'JSON' }
  return html`<section class="card" aria-labelledby="choose">
<h2 id="choose">${say(language, modelTexts.choose)}</h2>
<p class="note">${say(language, modelTexts.chooseFile, formats)}
${say(language, modelTexts.chooseHow)}</p>
<form class="act" method="post" enctype="multipart/form-data" action="#answer">
${fileField(language, 'model-file', modelTexts.file, '.yaml,.yml,.json')}
<p><button name="act" value="preview" class="main">${say(language, modelTexts.preview)}</button></p>
</form></section>`
}

/** Proposes a file whose differences were shown. */
export function proposeModelForm(
  language: Language,
  { name, content }: NamedFile,
  refused: RefusedForm<string> | null,
): Html {
  return html`<section class="card" aria-labelledby="propose">
<h2 id="propose">${say(language, modelTexts.proposeFile)}</h2>
<form class="act" method="post" enctype="multipart/form-data" action="#answer">
<input type="hidden" name="file.name" value="${name}">
<textarea name="file" hidden>
${content}</textarea>
${whyField(language, 'why-propose', refused?.fields.get('why') ?? '')}
<p><button name="act" value="propose" class="main">${say(language, modelTexts.send)}</button></p>
</form></section>`
}

/** Approves or refuses a version that another account proposed. */
export function decideModelForm(
  language: Language,
  { decision }: ModelAct,
  mayDecide: boolean,
  refused: RefusedForm<string> | null,
): Content {
  if (decision) return null
  const title = html`<h2 id="decide">${say(language, modelTexts.decide)}</h2>`
  if (!mayDecide) {
    return html`<section class="card" aria-labelledby="decide">${title}
<p class="calm">${say(language, modelTexts.others)}</p></section>`
  }
  const open = isRefused(refused, '', ['approve', 'refuse'])
  return html`<section class="card" aria-labelledby="decide">${title}
<form class="act" method="post" action="#answer">
${whyField(language, 'why-decide', typed(refused, open, 'why'))}
<p><button name="act" value="approve" class="main">${say(language, modelTexts.approve)}</button>
<button name="act" value="refuse">${say(language, modelTexts.refuse)}</button></p>
</form></section>`
}
