import { emptyTree, grow, leafHash, rootOf } from '../../protocol/merkle.ts'
import { type LogHead, type LogReader, leavesPerReadMax } from '../store/logs.ts'

/** Heads of logs, and what does not hold of them, a sentence each. */
export type CheckedLogs = { readonly heads: LogHead[]; readonly faults: string[] }

/**
 * Reads every leaf of every log: none is missing, each is what its hash says, a message is the one
 * its leaf names, and the tree of them is the one whose head is kept. What is appended meanwhile is
 * left out.
 */
export async function checkLogs(reader: LogReader): Promise<CheckedLogs> {
  const heads = await reader.heads()
  const faults: string[] = []
  for (const head of heads) {
    const fault = await faultOf(reader, head)
    if (fault) faults.push(fault)
  }
  return { heads, faults }
}

async function faultOf(reader: LogReader, { log, size, root }: LogHead): Promise<string | null> {
  let tree = emptyTree
  while (tree.size < size) {
    const limit = Math.min(leavesPerReadMax, size - tree.size)
    const leaves = await reader.leavesOf(log, tree.size, limit)
    if (leaves.length === 0) return `Log ${log}: leaf ${tree.size} is missing.`
    for (const { index, entry, hash, message } of leaves) {
      if (index !== tree.size) return `Log ${log}: leaf ${tree.size} is missing.`
      const isRight = leafHash(Buffer.from(entry)).equals(hash)
      if (!isRight) return `Log ${log}: leaf ${index} is not what its hash says.`
      const isNamed =
        !message || (JSON.parse(entry) as { sha256?: string }).sha256 === message.sha256
      if (!isNamed) return `Log ${log}: the message of leaf ${index} is not the one it names.`
      tree = grow(tree, hash)
    }
  }
  return rootOf(tree).equals(root) ? null : `Log ${log}: its leaves do not make the root it has.`
}
