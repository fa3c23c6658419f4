/**
 * How Node is told to run the resident agent, in front of its file: little runs there, and seldom,
 * so V8's compilers and large nursery only cost memory (5 MB of 66; CPU time is the same). Without
 * them the agent works as well and sets what can still be set. `--jitless` also takes WebAssembly
 * away, which the resident does not use. With `--expose-gc` it collects its garbage itself now and
 * then. What the packages start has them too: a test holds both together.
 */
export const residentFlags = [
  '--jitless',
  '--max-semi-space-size=1',
  '--heap-growing-percent=20',
  '--optimize-for-size',
  '--expose-gc',
] as const
