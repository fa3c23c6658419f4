import { type Html, html } from '../html.ts'
import { symbols } from './icon.ts'

const pattern = (id: string, size: number, drawing: Html): Html =>
  html`<pattern id="${id}" width="${size}" height="${size}"
patternUnits="userSpaceOnUse">${drawing}</pattern>`

const stripes = html`<path d="M-1 1 1-1M0 8 8 0M7 9 9 7"/>`

/** Fills that tell states apart without colour, and the icons. The stylesheet colours them. */
export const drawings = html`<svg class="drawings" aria-hidden="true" width="0" height="0"><defs>
${pattern('hatch-unknown', 8, html`<rect width="8" height="8"/>${stripes}`)}
${pattern('hatch-range', 8, html`<rect width="8" height="8"/>${stripes}`)}
${pattern('hatch-degraded', 6, html`<rect width="6" height="6"/><circle cx="3" cy="3" r="1.4"/>`)}
${pattern('hatch-maintenance', 8, html`<rect width="8" height="8"/><path d="M0 2h8M0 6h8"/>`)}
</defs>
${symbols}</svg>`
