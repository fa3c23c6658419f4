import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import { releasesOf, type Support, supportReading } from '../end-of-life.ts'
import { Missing, type Reading } from '../fact.ts'
import { told, type WindowsReport } from '../windows.ts'
import { attempt, onWindows } from './family.ts'

const method = 'win32_operatingsystem'
/** ProductType of Win32_OperatingSystem: 1 workstation, 2 domain controller, 3 server. */
const workstation = 1

/** Which Windows this is, and how long it is supported yet: by its build, not by its name. */
export const osOnWindows = onWindows(['os.name', 'os.support_left_days'], (report, { now }) => [
  attempt('os.name', () => {
    const { caption, release, build, revision } = told(report, 'os', method)
    if (caption.trim() === '') throw new Missing('not_known', method)
    const detail = [release, `build ${build}.${revision ?? 0}`].filter(Boolean).join(', ')
    return { indicator: 'os.name', value: caption.trim(), method, detail }
  }),
  attempt('os.support_left_days', () => support(report, now)),
])

function support(report: WindowsReport, now: EpochMs): Reading {
  const { caption, build, edition, productType } = told(report, 'os', method)
  if (build === null) throw new Missing('not_known', method)
  const isServer = productType !== workstation
  const releases = releasesOf(isServer ? 'windows-server' : 'windows')
  const fitting = isServer ? releases : releases.filter((each) => fits(each, edition))
  const exact = fitting.find((each) => each.build === build)
  const name = `${caption.trim()} (${build})`
  return supportReading({ name, support: exact ?? olderThan(fitting, build, now) }, now, method)
}

/**
 * Whether a release is of the edition: `-e` is Enterprise and Education, `-lts` its long-term
 * channel, `-w` all others, and without a mark everybody's.
 */
function fits({ release }: Support, edition: string): boolean {
  const isLongTerm = /^(IoT)?EnterpriseS/i.test(edition)
  const isEnterprise = /^(Enterprise|Education|IoTEnterprise|ServerRdsh)/i.test(edition)
  if (release.endsWith('-e-lts')) return isLongTerm
  if (isLongTerm) return false
  if (release.endsWith('-e')) return isEnterprise
  return !(release.endsWith('-w') && isEnterprise)
}

/** A build too old for the table ended before the next newer one did, if that has ended. */
function olderThan(releases: readonly Support[], build: number, now: EpochMs): Support | undefined {
  const newer = releases
    .filter((each) => (each.build ?? 0) > build)
    .sort((a, b) => (a.build ?? 0) - (b.build ?? 0))[0]
  const hasEnded = newer?.until != null && Date.parse(newer.until) + dayMs <= now
  return hasEnded ? { ...newer, release: `before ${newer.release}` } : undefined
}
