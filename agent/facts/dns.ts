import type { Resolver } from 'node:dns/promises'
import type { MissingReason } from '../../protocol/indicators.ts'
import type { FactProbe, Reading } from './fact.ts'
import { addressesOf, ancestors, isSigned, openNames, textsOf, zoneOf } from './names.ts'
import { counted } from './peek.ts'
import { isPublicAddress, namesOf } from './services.ts'

export const dnsFact: FactProbe = dnsFactWith()

/** Of the public zones that checks name: how many are signed, how many refuse forged mail. */
export function dnsFactWith(nameServers?: readonly string[]): FactProbe {
  return {
    indicators: ['dns.dnssec_signed_ratio', 'dns.dmarc_enforced_ratio'],
    async measure({ config }) {
      const names = openNames(nameServers)
      const zones = await publicZones(names, namesOf(config.checks))
      const isWithout = typeof zones === 'string'
      const [signed, enforced] = await Promise.all(
        isWithout
          ? [[], []]
          : [
              Promise.all(zones.map((zone) => isSigned(names, zone))),
              Promise.all(zones.map((zone) => dmarcEnforced(names, zone))),
            ],
      )
      const missing = isWithout ? zones : 'no_network'
      return [
        share('dns.dnssec_signed_ratio', 'ds', signed, missing),
        share('dns.dmarc_enforced_ratio', 'dmarc', enforced, missing),
      ]
    },
  }
}

/** The zones of names that lead to a public address, or why there are none. */
async function publicZones(
  names: Resolver,
  asked: readonly string[],
): Promise<string[] | MissingReason> {
  const found = await Promise.all(
    asked.map(async (name) => {
      const addresses = await addressesOf(names, name)
      const isPublic = addresses?.some(isPublicAddress) ?? false
      const zone = isPublic ? await zoneOf(names, name) : null
      return { isTold: addresses !== null && (!isPublic || zone !== null), zone }
    }),
  )
  const zones = found.flatMap(({ zone }) => zone ?? [])
  if (zones.length > 0) return [...new Set(zones)]
  return found.some(({ isTold }) => !isTold) ? 'no_network' : 'no_public_service'
}

function share(
  indicator: 'dns.dnssec_signed_ratio' | 'dns.dmarc_enforced_ratio',
  method: string,
  answers: readonly (boolean | null)[],
  missing: MissingReason,
): Reading {
  const known = answers.filter((answer) => answer !== null)
  if (known.length === 0) return { indicator, value: null, method, missing }
  const good = known.filter(Boolean).length
  const detail = `${good} of ${counted(known.length, 'zone')}`
  return { indicator, value: good / known.length, method, detail }
}

/**
 * Whether mail that only claims to come from a zone is to be refused or put aside. The policy is
 * the nearest one on the way up (the tree walk of RFC 9989), so that no list of registries is
 * needed; the zone stands for the organisation. null without an answer.
 */
async function dmarcEnforced(names: Resolver, zone: string): Promise<boolean | null> {
  const texts = await Promise.all(
    ancestors(zone).map((domain) => textsOf(names, `_dmarc.${domain}`)),
  )
  for (const [index, answers] of texts.entries()) {
    if (answers === null) return null
    const policies = answers.filter((text) => /^v=DMARC1\s*(;|$)/i.test(text.trim()))
    // More than one is as good as none.
    const [policy] = policies.length === 1 ? policies : []
    if (policy !== undefined) return isEnforced(policy, index > 0)
  }
  return false
}

export function isEnforced(policy: string, isInherited: boolean): boolean {
  const tags = new Map(
    policy.split(';').map((tag) => {
      const [name = '', value = ''] = tag.split('=')
      return [name.trim().toLowerCase(), value.trim().toLowerCase()]
    }),
  )
  const wanted = (isInherited ? tags.get('sp') : undefined) ?? tags.get('p')
  // A policy on trial, or for no share of the mail, refuses nothing.
  if (tags.get('t') === 'y' || tags.get('pct') === '0') return false
  return wanted === 'quarantine' || wanted === 'reject'
}
