import { type Html, html } from '../html.ts'
import { type Language, say, type Text } from '../language.ts'
import { exportTexts } from '../texts/exports.ts'

/** How an export is checked, command by command. `nation`: also that with all institutions. */
export function verifySteps(language: Language, { nation }: { readonly nation: boolean }): Html {
  const steps: readonly (readonly [Text, string])[] = [
    [exportTexts.verifyHash, 'sha256sum istimrar-NAME.tar.gz'],
    [exportTexts.verifyUnpack, 'tar -xzf istimrar-NAME.tar.gz'],
    [exportTexts.verifyRun, `node istimrar-verify.mjs istimrar-NAME --language ${language}`],
    [
      exportTexts.verifyOutside,
      'node istimrar-verify.mjs istimrar-NAME --receipts RECEIPTS --checkpoints CHECKPOINTS',
    ],
  ]
  const last: readonly (readonly [Text, string])[] = nation
    ? [
        [
          exportTexts.verifyNation,
          'node istimrar-verify.mjs istimrar-nation-with-institutions-TIME',
        ],
      ]
    : []
  return html`<section class="card" aria-labelledby="verify">
<h2 id="verify">${say(language, exportTexts.verify)}</h2>
<p>${say(language, exportTexts.verifyHow, {
    node: html`<bdi dir="ltr">Node</bdi>`,
    file: html`<bdi dir="ltr">istimrar-verify.mjs</bdi>`,
  })}</p>
<ol class="begin">${[...steps, ...last].map(
    ([text, command]) => html`<li><p>${say(language, text)}</p>
<pre class="paste" dir="ltr" tabindex="0"><code>${command}</code></pre></li>`,
  )}</ol>
<p class="note">${say(language, exportTexts.verifyResult)}</p></section>`
}
