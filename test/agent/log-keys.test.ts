import { expect, test } from 'vitest'
import { followLogKeys } from '../../agent/log-keys.ts'
import { generateKey, messageTypes, privateKey, signJws, thumbprint } from '../../protocol/jws.ts'

const [first, second, third, stranger] = Array.from({ length: 4 }, generateKey)
type Pair = NonNullable<typeof first>

/** One key's word that another follows it. */
function change(from: Pair, to: Pair, more = {}, typ = messageTypes.logKey as string): string {
  const payload = { v: 1, publicKey: to.publicKey, at: 1, ...more }
  const key = privateKey(from.privatePem)
  return signJws(typ as typeof messageTypes.logKey, payload, key, thumbprint(from.publicKey))
}

const steps = [change(first!, second!), change(second!, third!)]
const body = (...keys: unknown[]) => JSON.stringify({ keys })
const wanted = thumbprint(third!.publicKey)

test('the chain is followed from the pinned key to the one that is wanted, no further', () => {
  const follow = (pinned: Pair, to: Pair) =>
    followLogKeys(body(...steps), pinned.publicKey, thumbprint(to.publicKey))
  expect(follow(first!, third!)).toEqual([second!.publicKey, third!.publicKey])
  expect(follow(first!, second!)).toEqual([second!.publicKey])
  expect(follow(second!, third!)).toEqual([third!.publicKey])
})

test.each([
  ['nothing', body()],
  ['a page of some proxy', '<html>'],
  ['no list', '{"keys":"no"}'],
  ['null', 'null'],
  ['a step that is missing', body(steps[1])],
  ['steps in the wrong order', body(...steps.toReversed())],
  ['a step that somebody else signed', body(steps[0], change(stranger!, third!))],
  [
    'a step that names another signer',
    body(
      steps[0],
      change(second!, third!).replace(/[^.]*$/, change(stranger!, third!).split('.')[2]!),
    ),
  ],
  ['another kind of message', body(steps[0], change(second!, third!, {}, messageTypes.batch))],
  ['another version', body(steps[0], change(second!, third!, { v: 2 }))],
  ['an unknown field', body(steps[0], change(second!, third!, { colour: 'red' }))],
  ['a time that is none', body(steps[0], change(second!, third!, { at: -1 }))],
  ['no key', body(steps[0], change(second!, third!, { publicKey: 'x' }))],
  ['more than is followed', body(...Array(99).fill(steps[0]), ...steps)],
])('%s leads nowhere', (_name, text) => {
  expect(followLogKeys(text, first!.publicKey, wanted)).toBeNull()
})
