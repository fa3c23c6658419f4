import { encode } from 'uqr'
import { type Html, html } from '../html.ts'

/** The empty frame that readers need around a code. Unit: modules. Source: ISO/IEC 18004. */
const quietModules = 4

/**
 * A QR code as a drawing of one path, dark on light whatever the colours of the page are: without
 * style or image, so that the strict content policy stands.
 */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { border: quietModules, ecc: 'M' })
  const d = data.map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}"
shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/>
<path fill="#000" d="${d.flat().join('')}"/></svg>`
}
