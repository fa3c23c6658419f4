import { expect, test } from 'vitest'
import { localUrl } from '../../../collector/cli/admin-file.ts'

test.each([
  ['http://127.0.0.1:8080', '127.0.0.1', 'http://127.0.0.1:8080'],
  ['https://0.0.0.0:8443', '0.0.0.0', 'https://127.0.0.1:8443'],
  ['https://[::]:8443', '::', 'https://[::1]:8443'],
  ['https://192.0.2.7:8443', '192.0.2.7', 'https://192.0.2.7:8443'],
])('what listens at %s is asked at its own address', (listening, host, url) => {
  expect(localUrl(listening, host)).toBe(url)
})
