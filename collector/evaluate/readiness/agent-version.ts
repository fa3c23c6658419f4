/** How many minor versions an agent may be behind the collector. */
const minorsBehindMax = 2

/**
 * Whether an agent of this version is supported beside a collector of that one: of the same major
 * version and at most two minor ones behind. A newer agent is; one without a version is not.
 */
export function agentIsSupported(agent: string, collector: string): boolean {
  const [own, centre] = [partsOf(agent), partsOf(collector)]
  if (!own || !centre) return false
  if (own.major !== centre.major) return own.major > centre.major
  return own.minor >= centre.minor - minorsBehindMax
}

function partsOf(version: string): { major: number; minor: number } | null {
  const [, major, minor] = version.match(/^(\d{1,6})\.(\d{1,6})(?:\.|$)/) ?? []
  return major && minor ? { major: Number(major), minor: Number(minor) } : null
}
