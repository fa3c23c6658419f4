import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../../../collector/error.ts'
import { readMultipart } from '../../../collector/http/multipart.ts'

/** A form as a browser would send it: made by the platform, not by us. */
async function sent(fill: (form: FormData) => void) {
  const form = new FormData()
  fill(form)
  const response = new Response(form)
  const type = response.headers.get('content-type')!
  return readMultipart(type, Buffer.from(await response.arrayBuffer()))
}

test('fields and a file are read as a browser sends them', async () => {
  const content = '\ufeffid,name_ar\r\npayroll,الرواتب\r\n--not-the-boundary\r\n'
  const form = await sent((each) => {
    each.append('why', 'خطة 2027')
    each.append('file', new File([content], 'نظم 1.csv', { type: 'text/csv' }))
    each.append('empty', '')
  })
  expect([...form]).toEqual([
    ['why', 'خطة 2027'],
    ['file', content],
    ['file.name', 'نظم 1.csv'],
    ['empty', ''],
  ])
})

test('a file in another encoding is marked where it is no UTF-8', async () => {
  const windows1256 = Uint8Array.of(0xc7, 0xe1, 0x2c, 0x31)
  const form = await sent((each) => each.append('file', new File([windows1256], 'a.csv')))
  expect(form.get('file')).toMatch(/\ufffd.*,1$/)
})

test('any text arrives as it was', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(text, async (content) => {
      const form = await sent((each) => each.append('file', new File([content], 'a')))
      expect(form.get('file')).toBe(content.toWellFormed())
    }),
    { numRuns: 100 },
  )
})

const good = 'multipart/form-data; boundary=b'
test.each([
  ['multipart/form-data', '--b\r\n\r\n\r\n--b--'],
  [good, ''],
  [good, 'a=1'],
  [good, '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1'],
  [good, '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b\r\n'],
  [good, '--b\r\ncontent-type: text/plain\r\n\r\n1\r\n--b--'],
  [good, '--b\r\ncontent-disposition: form-data; name="a"\r\n--b--'],
  [good, `${'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(41)}--b--`],
])('%j with %j is refused', (type, body) => {
  expect(() => readMultipart(type, Buffer.from(body))).toThrow(AppError)
})
