/** How many of the single gains are taken, and how many of each joint one, from its beginning. */
export type Choice = { readonly single: number; readonly joint: readonly number[] }

/**
 * The fewest steps that gain at least `need` together; null where all of them do not. `single` are
 * gains that add up, the largest first. Each of `joint` are gains of steps that count together
 * only: what its first step gains, its first two, and so on.
 */
export function fewest(
  single: readonly number[],
  joint: readonly (readonly number[])[],
  need: number,
): Choice | null {
  const sums = [0]
  for (const gain of single) sums.push(sums[sums.length - 1]! + gain)
  const tables = bestJoint(joint)
  for (let count = 0; count < sums.length + tables.length - 1; count++) {
    for (let together = 0; together < tables.length && together <= count; together++) {
      const sum = sums[count - together]
      const best = tables[together]!
      if (sum === undefined || sum + best.gain < need) continue
      return { single: count - together, joint: best.counts }
    }
  }
  return null
}

type Best = { readonly gain: number; readonly counts: readonly number[] }

/** For each number of steps, the most that joint steps gain with it. */
function bestJoint(joint: readonly (readonly number[])[]): Best[] {
  let tables: Best[] = [{ gain: 0, counts: [] }]
  for (const gains of joint) {
    const next: Best[] = []
    for (const [before, { gain, counts }] of tables.entries()) {
      for (const [taken, more] of [0, ...gains].entries()) {
        const best = next[before + taken]
        if (best && best.gain >= gain + more) continue
        next[before + taken] = { gain: gain + more, counts: [...counts, taken] }
      }
    }
    tables = next
  }
  return tables
}
