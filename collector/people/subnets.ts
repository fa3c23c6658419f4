import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { AppError } from '../error.ts'

/** The networks that a token may name. */
export const subnetsMax = 20

type Subnet = { readonly address: string; readonly bits: number; readonly family: Family }
type Family = 'ipv4' | 'ipv6'

/**
 * Checks networks as a person writes them: `192.0.2.0/24`, `2001:db8::/32`. Throws AppError
 * `invalid`, which says which one is wrong and never repeats it.
 */
export function requireSubnets(texts: readonly string[]): void {
  for (const [index, text] of texts.entries()) {
    if (parse(text)) continue
    const which = `Subnet ${index + 1} is not a network`
    throw new AppError('invalid', `${which} such as 192.0.2.0/24 or 2001:db8::/32.`)
  }
}

/** Whether an address lies in one of the networks, an IPv4 address also in its IPv6 spelling. */
export function isInSubnets(ip: string, texts: readonly string[]): boolean {
  const list = new BlockList()
  for (const { address, bits, family } of texts.map(parse).filter((each) => each !== null)) {
    list.addSubnet(address, bits, family)
  }
  const [plain = ''] = ip.split('%')
  const family = familyOf(plain)
  return family !== null && list.check(plain, family)
}

function parse(text: string): Subnet | null {
  const [, address = '', digits = ''] = /^([\d.a-fA-F:]{2,45})\/(\d{1,3})$/.exec(text) ?? []
  const family = familyOf(address)
  const bits = Number(digits)
  if (!family || String(bits) !== digits || bits > (family === 'ipv4' ? 32 : 128)) return null
  return { address, bits, family }
}

function familyOf(address: string): Family | null {
  if (isIPv4(address)) return 'ipv4'
  return isIPv6(address) ? 'ipv6' : null
}
