import { parseJws } from '../../protocol/jws.ts'
import type { Exchange } from '../simulation/simulated-agent.ts'

type Place = { readonly agent: string; readonly epoch: number; readonly seq: number }

/**
 * An exchange as agents with kept copies have it: when a collector that was restored from a backup
 * expects an earlier message, it gets all from there on again, byte for byte.
 */
export function withKeptCopies(exchange: Exchange): { exchange: Exchange; resent: () => number } {
  const kept = new Map<string, string>()
  let resent = 0
  const keeping: Exchange = async (path, jws) => {
    if (path !== '/v1/batches') return exchange(path, jws)
    const place = readPlace(jws)
    kept.set(keyOf(place), jws)
    const reply = await exchange(path, jws)
    const expected = reply.status === 409 ? expectedOf(reply.body) : null
    if (!expected) return reply
    for (let seq = expected.seq; seq < place.seq; seq++) {
      const copy = kept.get(keyOf({ ...place, epoch: expected.epoch, seq }))
      if (!copy) return reply
      const answer = await exchange(path, copy)
      if (answer.status !== 200) return answer
      resent++
    }
    return exchange(path, jws)
  }
  return { exchange: keeping, resent: () => resent }
}

function readPlace(jws: string): Place {
  return JSON.parse(Buffer.from(parseJws(jws).payload).toString()) as Place
}

function expectedOf(body: string): { epoch: number; seq: number } | null {
  const { code, expected } = JSON.parse(body) as { code: string; expected?: Place }
  return code === 'gap' && expected ? expected : null
}

function keyOf({ agent, epoch, seq }: Place): string {
  return `${agent}/${epoch}/${seq}`
}
