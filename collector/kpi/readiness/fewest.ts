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
  const alone = sums.findIndex((sum) => sum >= need)
  const total = single.length + joint.reduce((sum, { length }) => sum + length, 0)
  const most = alone === -1 ? total : alone
  const tables = bestJoint(joint, most)
  for (let count = 0; count <= most; count++) {
    for (let together = 0; together < tables.length && together <= count; together++) {
      const sum = sums[count - together]
      const best = tables[together]!
      if (sum === undefined || sum + best.gain < need) continue
      return { single: count - together, joint: countsOf(best) }
    }
  }
  return null
}

/** The most that so many steps gain, and of which joint gains they are: those before, then more. */
type Best = { readonly gain: number; readonly before: Best | null; readonly taken: number }

/** For each number of steps up to `most`, the most that joint steps gain with it. */
function bestJoint(joint: readonly (readonly number[])[], most: number): Best[] {
  let tables: Best[] = [{ gain: 0, before: null, taken: 0 }]
  for (const gains of joint) {
    const next: Best[] = []
    for (const [count, before] of tables.entries()) {
      for (let taken = 0; taken <= gains.length && count + taken <= most; taken++) {
        const gain = before.gain + (taken === 0 ? 0 : gains[taken - 1]!)
        const best = next[count + taken]
        if (!best || best.gain < gain) next[count + taken] = { gain, before, taken }
      }
    }
    tables = next
  }
  return tables
}

/** How many of each joint gain are taken. */
function countsOf(best: Best): number[] {
  return best.before ? [...countsOf(best.before), best.taken] : []
}
