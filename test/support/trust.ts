import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { trustAuthorities } from '../../agent/authorities.ts'

/** Does something while a file of authorities is trusted, as the agent trusts it; then no more. */
export async function whileTrusting<T>(
  file: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const before = getCACertificates('default')
  trustAuthorities(file)
  try {
    return await work()
  } finally {
    setDefaultCACertificates(before)
  }
}
