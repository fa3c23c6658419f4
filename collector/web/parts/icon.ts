import { Html, html } from '../html.ts'

/** Shapes that differ without colour, drawn on 16 by 16. */
const shapes = {
  check: `M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0ZM6.9 11.9 3.2 8.2l1.4-1.4 2.3 2.3 4.6-4.6 1.4 1.4Z`,
  cross: `M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7ZM8 6.6 5.5 4.1 4.1 5.5 6.6 8
    l-2.5 2.5 1.4 1.4L8 9.4l2.5 2.5 1.4-1.4L9.4 8l2.5-2.5-1.4-1.4Z`,
  warning: 'M8 .5 16 15H0ZM7.1 5.5v5h1.8v-5ZM7.1 11.7v1.8h1.8v-1.8Z',
  question: `M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm0 1.6a6.4 6.4 0 1 1 0 12.8A6.4 6.4 0 0 1 8 1.6Z
    M7.1 11h1.8v1.8H7.1ZM8 3.3a2.7 2.7 0 0 0-2.8 2.6h1.7
    c0-.6.4-1 1.1-1 .6 0 1.1.4 1.1 1 0 .5-.3.8-.9 1.2-.7.5-1.1 1-1.1 1.9v.8h1.7v-.5
    c0-.5.3-.8.9-1.2.7-.5 1.2-1.1 1.2-2.1A2.7 2.7 0 0 0 8 3.3Z`,
  wrench: `M15.2 3.6 12.5 6.3 10.3 5.7 9.7 3.5 12.4.8A4.5 4.5 0 0 0 6.7 6.6L.9 12.4
    a1.9 1.9 0 0 0 2.7 2.7L9.4 9.3a4.5 4.5 0 0 0 5.8-5.7Z`,
  minus: `M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm0 1.6a6.4 6.4 0 1 1 0 12.8A6.4 6.4 0 0 1 8 1.6Z
    M4 7.1h8v1.8H4Z`,
  hourglass: `M2.5 0h11v1.8h-1.2v2.4L9.5 8l2.8 3.8v2.4h1.2V16h-11v-1.8h1.2v-2.4L6.5 8 3.7 4.2V1.8
    H2.5ZM5.5 1.8v1.9l.4.5h4.2l.4-.5V1.8ZM8 9.4l-2.5 3.2v1.6h5v-1.6Z`,
  scales: `M7.1 0h1.8v2H14v1.8h-.7L16 9.5a3 3 0 0 1-5.8 0l2.7-5.7h-4v10.4H12V16H4v-1.8h3.1V3.8h-4
    L5.8 9.5a3 3 0 0 1-5.8 0L2.7 3.8H2V2h5.1Z`,
  server: 'M1 1h14v6H1ZM3 3v2h2V3ZM1 9h14v6H1ZM3 11v2h2v-2Z',
  network: `M8 0a3 3 0 0 1 1 5.8V8h3.5a1 1 0 0 1 1 1v1.2a3 3 0 1 1-2 0V10h-7v.2a3 3 0 1 1-2 0V9
    a1 1 0 0 1 1-1H7V5.8A3 3 0 0 1 8 0Z`,
  eye: `M8 3C4 3 1.3 5.6 0 8c1.3 2.4 4 5 8 5s6.7-2.6 8-5c-1.3-2.4-4-5-8-5Z
    M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z`,
  clock: 'M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0ZM7 3h2v4.6l3 3-1.4 1.4L7 8.4Z',
  centre: 'M8 0 16 5v2H0V5ZM1 8h3v5H1ZM6.5 8h3v5h-3ZM12 8h3v5h-3ZM0 14h16v2H0Z',
  star: `M8 .6 10.3 5.5 15.6 6.2 11.7 9.9 12.7 15.2 8 12.6 3.3 15.2 4.3 9.9 .4 6.2 5.7 5.5Z`,
  up: 'M8 .8 15.2 8.6H10.8V15.2H5.2V8.6H.8Z',
  equal: 'M1.5 3.2h13v3.4h-13ZM1.5 9.4h13v3.4h-13Z',
  down: 'M8 15.2 .8 7.4H5.2V.8H10.8V7.4H15.2Z',
  stop: 'M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7ZM3 6.6v2.8h10V6.6Z',
} as const
export type Shape = keyof typeof shapes

/** All shapes, once a page, for `icon` to refer to. */
export const symbols = new Html(
  Object.entries(shapes)
    .map(([id, d]) => `<symbol id="${id}" viewBox="0 0 16 16"><path d="${d}"/></symbol>`)
    .join('\n'),
)

/** A drawing that repeats what the words beside it say. */
export function icon(shape: Shape): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#${shape}"/></svg>`
}
