import { initTexts } from '../cli/texts/init.ts'
import { said } from '../language.ts'
import type { ProbeKind } from '../probes/all.ts'
import type { Proposal } from './proposal.ts'

/** What an environment is for. Its register entry says so; here it only shapes a proposal. */
export const environmentClasses = ['public', 'internal', 'link'] as const
export type EnvironmentClass = (typeof environmentClasses)[number]

/**
 * The least that has to be checked in an environment of a class, or it is not assessed: of each
 * inner list, one kind is enough. As in deploy/examples/policy.yaml; the policy in force is the
 * ministry's.
 */
export const minimumProfiles = {
  public: [['host'], ['http', 'tls', 'tcp']],
  internal: [['host']],
  link: [['link', 'tcp']],
} as const satisfies Record<EnvironmentClass, readonly (readonly string[])[]>

/** Of a minimum, the kinds of which none was found; null when it is met. */
export function missingKinds(
  environmentClass: EnvironmentClass,
  proposals: readonly Proposal[],
): readonly string[] | null {
  const found: ReadonlySet<string> = new Set(
    proposals
      .filter(({ declined }) => !declined)
      // What listens on this very machine is no link to another one.
      .map(({ kind }) => kind)
      .filter((kind) => environmentClass !== 'link' || kind !== 'tcp'),
  )
  const profile: readonly (readonly string[])[] = minimumProfiles[environmentClass]
  return profile.find((kinds) => !kinds.some((kind) => found.has(kind))) ?? null
}

/** A check to be filled in by whoever knows what this machine cannot tell. */
export function blankCheck(environmentClass: EnvironmentClass): Proposal {
  const target: { name: string; kind: ProbeKind; settings: Proposal['settings'] } =
    environmentClass === 'public'
      ? { name: 'portal', kind: 'http', settings: { url: 'https://portal.example.om/' } }
      : { name: 'peer', kind: 'tcp', settings: { host: 'peer.example.om', port: 443 } }
  const comment = said(initTexts.fillIn, { name: environmentClass })
  return { ...target, comment, declined: true }
}
