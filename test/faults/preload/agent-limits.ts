import { limits } from '../../../protocol/limits.ts'

/**
 * Loaded before the real agent (`node --import`): shorter rhythms, so that a fault meets something
 * going on within seconds instead of minutes. FAULT_LIMITS holds what differs, as JSON.
 */
Object.assign(limits, JSON.parse(process.env.FAULT_LIMITS ?? '{}'))
