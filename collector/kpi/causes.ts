/** Why time was lost, as far as it is proved. Source: docs/methodology.md §5 */
export const causes = [
  'host',
  'network',
  'agent',
  'service',
  'clock',
  'centre',
  'emergency_maintenance',
] as const
export type Cause = (typeof causes)[number]
/** Causes that lie outside of the institution's own hosting. */
export const externalCauses: readonly Cause[] = ['network', 'centre']
