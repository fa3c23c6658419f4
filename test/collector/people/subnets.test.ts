import { describe, expect, test } from 'vitest'
import { isInSubnets, requireSubnets } from '../../../collector/people/subnets.ts'

describe('whether an address lies in a network', () => {
  test.each<[string, string[], boolean]>([
    ['192.0.2.7', ['192.0.2.0/24'], true],
    ['192.0.3.7', ['192.0.2.0/24'], false],
    ['192.0.3.7', ['192.0.2.0/24', '192.0.3.7/32'], true],
    ['192.0.2.7', ['192.0.2.99/24'], true],
    ['8.8.8.8', ['0.0.0.0/0'], true],
    ['::1', ['0.0.0.0/0'], false],
    ['::ffff:192.0.2.7', ['192.0.2.0/24'], true],
    ['::ffff:c000:207', ['192.0.2.0/24'], true],
    ['::ffff:192.0.3.7', ['192.0.2.0/24'], false],
    ['2001:db8:1::5', ['2001:db8::/32'], true],
    ['2001:DB8:1::5', ['2001:db8::/32'], true],
    ['2001:db9::5', ['2001:db8::/32'], false],
    ['fe80::1%eth0', ['fe80::/10'], true],
    ['192.0.2.7', [], false],
    ['unknown', ['0.0.0.0/0', '::/0'], false],
    ['', ['0.0.0.0/0', '::/0'], false],
  ])('%s in %j: %s', (ip, subnets, inside) => {
    expect(isInSubnets(ip, subnets)).toBe(inside)
  })
})

describe('a network as it is written', () => {
  test.each([['192.0.2.0/24'], ['10.0.0.0/8'], ['0.0.0.0/0'], ['2001:db8::/32'], ['::/0']])(
    '%s is one',
    (text) => {
      expect(() => requireSubnets([text])).not.toThrow()
    },
  )

  test.each([
    ['192.0.2.0'],
    ['192.0.2.0/'],
    ['192.0.2.0/33'],
    ['192.0.2.0/-1'],
    ['192.0.2.0/1.5'],
    ['192.0.2.0/024'],
    ['192.0.2/24'],
    ['192.0.2.256/24'],
    ['2001:db8::/129'],
    ['fe80::1%eth0/64'],
    [' 192.0.2.0/24'],
    ['192.0.2.0/24\n'],
    ['health.example/24'],
  ])('%j is none, and the answer says which', (text) => {
    expect(() => requireSubnets(['10.0.0.0/8', text])).toThrow(/^Subnet 2 is not a network/)
  })
})
