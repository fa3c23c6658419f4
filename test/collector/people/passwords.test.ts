import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Passwords } from '../../../collector/people/passwords.ts'
import { cheapPasswords } from '../../support/accounts.ts'

test('a password is its own, and no other is', async () => {
  const passwords = new Passwords(cheapPasswords)
  // HMAC fills a key that is short with zeros: what differs by those at its end is the same key.
  const word = fc.string({ unit: 'binary', maxLength: 130 }).map((text) => text.replace(/\0+$/, ''))
  await fc.assert(
    fc.asyncProperty(word, word, async (one, other) => {
      const stored = await passwords.hash(one)
      expect(stored).toMatch(/^scrypt\$4\$1\$[\w-]{22}\$[\w-]{43}$/)
      expect(await passwords.matches(one, stored)).toBe(true)
      const isSame = one.normalize('NFC') === other.normalize('NFC')
      expect(await passwords.matches(other, stored)).toBe(isSame)
      expect(await passwords.matches(one, null)).toBe(false)
    }),
    { numRuns: 40 },
  )
})

test('the same password has another hash each time', async () => {
  const passwords = new Passwords(cheapPasswords)
  expect(await passwords.hash('same')).not.toBe(await passwords.hash('same'))
})

test('a hash of another cost still counts', async () => {
  const stored = await new Passwords({ memory: 5, passes: 2 }).hash('kept from before')
  expect(await new Passwords(cheapPasswords).matches('kept from before', stored)).toBe(true)
})

test('those beyond the ones that wait are told to come back, and the others are served', async () => {
  const passwords = new Passwords(cheapPasswords)
  const hashes = Array.from({ length: 60 }, () =>
    passwords.hash('at the same moment').then(
      () => 'made',
      ({ code, detail }) => `${code} ${detail.retryAfterSeconds}`,
    ),
  )
  const counts = Map.groupBy(await Promise.all(hashes), (each) => each)
  expect([...counts].map(([what, all]) => [what, all.length])).toEqual([
    ['made', 42],
    ['too_many 10', 18],
  ])
  expect(await passwords.hash('later')).toMatch(/^scrypt/)
})
