import { figureEdits, shapeEdits } from './figure-edits.ts'
import { edited } from './file.ts'
import { leafEdits, orderEdits } from './leaf-edits.ts'
import { logEdits, messageEdits } from './log-edits.ts'
import type { Mutant } from './mutant.ts'
import { outsiders } from './outsiders.ts'
import { rewrites } from './rewrites.ts'
import type { World } from './world.ts'

const edits = [
  ...leafEdits,
  ...orderEdits,
  ...messageEdits,
  ...logEdits,
  ...figureEdits,
  ...shapeEdits,
]

const texts: readonly Mutant[] = [
  {
    name: 'the file is cut in the middle of a line',
    shownBy: 'file',
    make: ({ exports }) => ({ lines: textOf(exports.health).slice(0, -500) }),
  },
  {
    name: 'a key comes twice in a line',
    shownBy: 'file',
    make: ({ exports }) => ({
      lines: textOf(exports.health).replace('"index":3,', '"index":3,"index":3,'),
    }),
  },
  {
    name: 'a number that no double holds',
    shownBy: 'file',
    make: ({ exports }) => ({
      lines: textOf(exports.health).replace('"index":3,', '"index":3e999,'),
    }),
  },
  {
    name: 'nothing but a header',
    shownBy: 'file',
    make: ({ exports }) => ({
      lines: exports.health.slice(0, 1),
    }),
  },
]

/** Every way to tamper that is tried. */
export const mutants: readonly Mutant[] = [
  ...edits.map(({ name, of, change }): Mutant => {
    const make = (world: World) => ({
      lines: edited(world.exports[of], (lines) => change(lines, world)),
    })
    return { name, shownBy: 'file', make }
  }),
  ...texts,
  ...rewrites,
  ...outsiders,
]

function textOf(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
