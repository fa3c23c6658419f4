import { expect, test } from 'vitest'
import { proposeResolver } from '../../../agent/discover/resolver.ts'
import { fakeSystem } from '../../support/fake-system.ts'
import { nameServer, reply } from '../../support/name-server.ts'

const localhost = { lookup: 'localhost' }
const reverse = { lookup: '1.0.0.127.in-addr.arpa' }
const isReverse = (question: Buffer) => question.includes('in-addr')

test.each<[string, (question: Buffer) => Buffer, object]>([
  [
    'knows localhost',
    (question) =>
      isReverse(question) ? reply(question, 'nameError') : reply(question, 'noError', 'A'),
    { settings: { ...localhost, record: 'A' } },
  ],
  [
    'knows the reverse of 127.0.0.1 only',
    (question) =>
      isReverse(question) ? reply(question, 'noError', 'PTR') : reply(question, 'nameError'),
    { settings: { ...reverse, record: 'PTR' } },
  ],
  [
    'knows neither',
    (question) => reply(question, 'nameError'),
    { settings: { ...localhost, expect: 'answer' } },
  ],
  [
    'fails',
    (question) => reply(question, 'serverFailed'),
    { declined: true, comment: expect.stringContaining('(name_server_failed') },
  ],
])('a name server that %s', async (_name, answer, expected) => {
  const resolver = await nameServer(answer)
  const proposal = await proposeResolver(fakeSystem('/', { resolver }))
  expect(proposal).toMatchObject({ name: 'dns', kind: 'dns' })
  const { settings, ...rest } = proposal
  const { resolver: _, ...asked } = settings
  const comment = rest.comment.in('en')
  expect({ settings: asked, ...rest, comment }).toMatchObject(expected)
})
