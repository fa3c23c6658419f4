import type { TestCollector } from './collector.ts'

/** A form with a file, as it was filled in. */
export type FileForm = Readonly<Record<string, string | File>>

/** Sends a form to a page of the board as a browser does that sends files. */
export async function sendFileForm(
  { app }: Pick<TestCollector, 'app'>,
  url: string,
  fields: FileForm,
  headers: Readonly<Record<string, string>>,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const response = new Response(form)
  return app.inject({
    ...{ method: 'POST', url },
    headers: { ...headers, 'content-type': response.headers.get('content-type')! },
    payload: Buffer.from(await response.arrayBuffer()),
  })
}

/** What the hidden fields that keep a file on its page would send, as a browser reads them. */
export function keptFields(body: string): Record<string, string> {
  const unescaped = (text: string) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
  const [form = ''] = /<form(?:(?!<\/form>).)*name="file\.kept".*?<\/form>/s.exec(body) ?? []
  const inputs = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
  return Object.fromEntries([...inputs].map(([, name, value]) => [name!, unescaped(value!)]))
}
