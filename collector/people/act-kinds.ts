/** What an act may be about; each has its words in `web/texts/log.ts`. */
export const actKinds = [
  'institution',
  'environment',
  'population',
  'policy',
  'maintenance',
  'dispute',
  'declaration',
  'workload',
  'exemption',
  'baseline',
  'cycle',
  'publish',
  'model',
  'official',
  'programme',
  'month',
  'agent',
  'token',
  'account',
  'api-token',
  'access',
  'other',
] as const
export type ActKind = (typeof actKinds)[number]

const families = new Map<string, ActKind>([
  ...pairs('population', 'policy', 'cycle', 'publish', 'model', 'official', 'programme'),
  ...pairs('agent', 'token', 'account', 'api-token', 'access'),
  ['policy-change', 'policy'],
  ['readiness-month', 'month'],
  ['migration-month', 'month'],
])

const ofInstitution = new Map<string, ActKind>([
  ...pairs('environment', 'declaration', 'workload', 'exemption', 'baseline'),
  ['migration-month', 'month'],
])

const ofEnvironment = new Map<string, ActKind>(pairs('maintenance', 'dispute'))

/** Kinds that are called as their subjects are. */
function pairs(...kinds: readonly ActKind[]): [string, ActKind][] {
  return kinds.map((kind) => [kind, kind])
}

/** What an act is about, by its `what`; `other` for what a later version writes. */
export function actKindOf(what: string): ActKind {
  const [family = '', , second, , third] = what.split('/')
  if (family !== 'institution') return families.get(family) ?? 'other'
  if (second === undefined) return 'institution'
  if (second === 'environment' && third !== undefined) return ofEnvironment.get(third) ?? 'other'
  return ofInstitution.get(second) ?? 'other'
}
