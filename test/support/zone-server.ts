import { isIPv4 } from 'node:net'
import { nameServer } from './name-server.ts'

/** What a name server knows of a name. */
export type NameRecords = {
  readonly addresses?: readonly string[]
  readonly texts?: readonly string[]
  /** The name is the top of a zone. */
  readonly zone?: boolean
  /** The zone above vouches for its key, or the name server fails to find out. */
  readonly signed?: boolean | 'failing'
  /** The name server fails to find out. */
  readonly failing?: boolean
}

const types = { A: 1, SOA: 6, TXT: 16, AAAA: 28, DS: 43 } as const

/** A name server on the loopback that knows these names and no others (RFC 1035, 4034). */
export function zoneServer(names: Readonly<Record<string, NameRecords>>): Promise<string> {
  return nameServer((question) => {
    const { name, type, end } = asked(question)
    const known = names[name.toLowerCase()]
    const records = known ? recordsOf(known, type) : []
    const isFailing = known?.failing || (type === types.DS && known?.signed === 'failing')
    const header = Buffer.from(question.subarray(0, 12))
    header.writeUInt16BE(0x8180 | (isFailing ? 2 : known ? 0 : 3), 2)
    header.writeUInt16BE(records.length, 6)
    header.writeUInt32BE(0, 8)
    return Buffer.concat([header, question.subarray(12, end), ...records])
  })
}

function asked(question: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = question[at]!; length > 0; length = question[at]!) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), type: question.readUInt16BE(at + 1), end: at + 5 }
}

function recordsOf(
  { addresses = [], texts = [], zone, signed }: NameRecords,
  type: number,
): Buffer[] {
  if (type === types.A) return addresses.filter(isIPv4).map((each) => record(type, ipv4(each)))
  if (type === types.AAAA) {
    return addresses.filter((each) => !isIPv4(each)).map((each) => record(type, ipv6(each)))
  }
  if (type === types.TXT) {
    // In two strings, as long texts have to be.
    return texts.map((text) =>
      record(type, Buffer.concat([string(text.slice(0, 10)), string(text.slice(10))])),
    )
  }
  if (type === types.SOA && zone) return [record(type, Buffer.alloc(22))]
  if (type === types.DS && signed === true) return [record(type, Buffer.alloc(36, 1))]
  return []
}

function record(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length), data])
}

function string(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text)])
}

function ipv4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

function ipv6(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16))
  const [before, after] = [groups(head), groups(tail)]
  const all = [...before, ...Array(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap((group: number) => [group >> 8, group & 0xff]))
}
