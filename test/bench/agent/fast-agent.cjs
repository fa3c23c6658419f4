'use strict'
// Starts the shipped resident as agent/main.ts does, with one difference: its clocks run faster
// and its timers are shorter by the same factor, so that a day need not be waited for. What it does
// per simulated minute is what it does per minute: looks, saves, heartbeats, seals, hourly values.
// A child has no faster clock: what it starts again is `again.sh`, which plays recorded facts.
// Arguments: factor, folder of the build, what follows `run`. SIGUSR2 writes a heap snapshot.
const { uptime } = require('node:os')
const { join } = require('node:path')

const [factor, folder, ...args] = process.argv.slice(2)
const speed = Number(factor)
const wallAt = Date.now()
const bootAt = uptime() * 1_000
const startedAt = performance.now()
const passedMs = () => (performance.now() - startedAt) * speed
const running = () => startedAt + passedMs()

const program = {
  args,
  language: 'en',
  clock: {
    wall: () => Math.round(wallAt + passedMs()),
    boot: () => {
      uptime() // what the shipped clock asks is paid for here too
      return Math.round(bootAt + passedMs())
    },
    running,
  },
  timer: (delayMs, action) => {
    // Rounded up: a timer that rings a moment early would ring twice.
    const timer = setTimeout(action, Math.min(Math.ceil(delayMs / speed), 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
  random: Math.random,
  self: { executable: '/bin/sh', args: [join(folder, 'again.sh')] },
  proxy: process.env,
  root: '/',
  run: () => Promise.reject(new Error('No check of this benchmark starts a child.')),
  stopped: new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
  }),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}

require(join(folder, 'resident.cjs'))
  .run(program)
  .then((code) => process.exit(code))
