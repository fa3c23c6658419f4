import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { errorTexts } from './cli/texts/errors.ts'
import { AgentError } from './error.ts'
import { said } from './language.ts'

const certificatesMax = 1_000
const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/**
 * Trusts the authorities of a file beside the known ones from here on, in every connection of this
 * process: to the collector and of every look. Without a file nothing is loaded. Throws AgentError.
 */
export function trustAuthorities(file: string | undefined): void {
  if (file === undefined) return
  const { getCACertificates, setDefaultCACertificates } = process.getBuiltinModule('node:tls')
  setDefaultCACertificates([...getCACertificates('default'), ...readAuthorities(file)])
}

/**
 * The certificates of a PEM file that the institution trusts beside the system's. What stands
 * between them is a comment. Throws AgentError that says what is wrong in it, and in which line.
 */
export function readAuthorities(file: string): string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? '' // of the file system
    throw new AgentError('usage', said(errorTexts.cannotRead, { file, why }), { cause })
  }
  const found = [...text.matchAll(block)].slice(0, certificatesMax)
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length
  for (const { 0: pem, index } of found) {
    try {
      void new X509Certificate(pem)
    } catch (cause) {
      const why = (cause as Error).message // of OpenSSL: names no content
      const bad = { line: lineOf(index), file, why }
      throw new AgentError('usage', said(errorTexts.badCertificate, bad), { cause })
    }
  }
  const begun = [...text.matchAll(/-----BEGIN CERTIFICATE-----/g)]
  const unended = begun.find(({ index }) => !found.some((each) => each.index === index))
  if (unended) {
    const bad = { line: lineOf(unended.index), file, why: 'END' }
    throw new AgentError('usage', said(errorTexts.badCertificate, bad))
  }
  if (found.length === 0) throw new AgentError('usage', said(errorTexts.noCertificate, { file }))
  return found.map(([pem]) => pem)
}
