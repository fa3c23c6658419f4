import { initTexts } from '../cli/texts/init.ts'
import { said } from '../language.ts'
import { dns } from '../probes/dns.ts'
import type { Proposal } from './proposal.ts'
import { lookAt, type System } from './system.ts'

/**
 * Names that every name server answers itself, also on a network without a way out: RFC 6761
 * (localhost) and RFC 6303 (the reverse of 127.0.0.1).
 */
const questions = [
  { lookup: 'localhost', record: 'A' },
  { lookup: '1.0.0.127.in-addr.arpa', record: 'PTR' },
] as const

const timeoutMs = 2_000

/** A check of the machine's own name server: with a name it knows, or whether it answers at all. */
export async function proposeResolver(system: System): Promise<Proposal> {
  const { resolver } = system
  const given = resolver === undefined ? {} : { resolver }
  const answers = await Promise.all(
    questions.map(async ({ lookup, record }) => {
      const settings = { lookup, record, expect: 'record', ...given } as const
      const { state, reason } = await dns(settings, lookAt(system, timeoutMs))
      return { settings: { lookup, record, ...given }, outcome: reason ?? state }
    }),
  )
  const base = { name: 'dns', kind: 'dns' } as const
  const known = answers.find(({ outcome }) => outcome === 'up')
  if (known) return { ...base, settings: known.settings, comment: said(initTexts.nameServer) }
  const settings = { lookup: questions[0].lookup, expect: 'answer', ...given }
  if (answers.some(({ outcome }) => outcome === 'name_not_found')) {
    return { ...base, settings, comment: said(initTexts.nameServerOnly) }
  }
  const outcomes = answers.map(({ outcome }) => outcome).join(', ')
  const comment = said(initTexts.nameServerSilent, { outcomes })
  return { ...base, settings, comment, declined: true }
}
