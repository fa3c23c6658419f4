/** Rows as columns of text, each as wide as it must be; nothing but the heads without rows. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads, ...rows]
  const widths = heads.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')
  return all.map((row) => `${line(row).trimEnd()}\n`).join('')
}

/** An instant as ISO 8601 in UTC; a dash where there is none. */
export function instant(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString().replace(/\.\d+/, '')
}
