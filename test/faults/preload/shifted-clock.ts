/** Loaded before a collector (`node --import`): its wall clock is FAULT_CLOCK_MS ahead. */
const aheadMs = Number(process.env.FAULT_CLOCK_MS ?? 0)
const real = Date.now
Date.now = () => real() + aheadMs
