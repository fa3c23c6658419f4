import { type Content, type Html, html } from '../html.ts'

/** A column; `number` aligns digits, `whole` is not broken, `wide` leaves room for a drawing. */
export type Column = { readonly head: Content; readonly look?: 'number' | 'whole' | 'wide' }

export type Table = {
  /** Id of the heading that names the table. */
  readonly labelledBy: string
  readonly columns: readonly Column[]
  /** The first cell of each row is its header. */
  readonly rows: readonly (readonly Content[])[]
  /** Rows become cards where the screen is narrow; else the table scrolls in its own frame. */
  readonly cards?: boolean
}

/** Roles are spelt out because browsers drop them where a table is not displayed as one. */
export function table({ labelledBy, columns, rows, cards = false }: Table): Html {
  const heads = columns.map(
    ({ head, look }) => html`<th role="columnheader" scope="col" class="${look}">${head}</th>`,
  )
  const cellOf = (cell: Content, i: number): Html => {
    if (i === 0) return html`<th role="rowheader" scope="row">${cell}</th>`
    const head = cards && html`<span class="head" aria-hidden="true">${columns[i]?.head}</span>`
    return html`<td role="cell" class="${columns[i]?.look}">${head}<span>${cell}</span></td>`
  }
  const body = rows.map((row) => html`<tr role="row">${row.map((cell, i) => cellOf(cell, i))}</tr>`)
  return html`<div class="scroll" role="group" aria-labelledby="${labelledBy}" tabindex="0">
<table role="table" aria-labelledby="${labelledBy}"${cards && html` class="cards"`}>
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">
${body}
</tbody></table></div>`
}
