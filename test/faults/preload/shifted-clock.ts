import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

/**
 * Loaded before a collector (`node --import`): so much time has passed, FAULT_CLOCK_MS, by its wall
 * clock and by the uptime of its machine.
 */
const aheadMs = Number(process.env.FAULT_CLOCK_MS ?? 0)
const { now } = Date
const { uptime } = os
Date.now = () => now() + aheadMs
os.uptime = () => uptime() + aheadMs / 1_000
syncBuiltinESMExports()
