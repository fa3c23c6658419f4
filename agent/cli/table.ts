/**
 * Columns of a terminal, in the order they are read. What takes no room there (marks over Arabic
 * letters, characters that only isolate) is not counted, so that columns meet.
 */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...rows.map((row) => widthOf(row[i] ?? ''))),
  )
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell)))
      return `${`${indent}${cells.join('  ')}`.trimEnd()}\n`
    })
    .join('')
}

/** The room a text takes in a terminal, in cells. */
export function widthOf(text: string): number {
  return [...text.replace(/[\p{Mn}\p{Cf}]/gu, '')].length
}
