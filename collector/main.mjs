import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

// Starts main.ts with little memory. No TypeScript, and nothing of ours is imported before the
// cache is open: the first file whose types must be stripped loads a compiler that never leaves.

/**
 * By itself V8 lets its heap grow to a multiple of what is in use. With these it collects once a
 * fifth was added, and keeps the space for young objects small. Source: node --v8-options
 */
const frugalFlags = ['--heap-growing-percent=20', '--semi-space-growth-factor=1']

if ((process.argv[2] ?? 'serve') === 'serve')
  for (const flag of frugalFlags) setFlagsFromString(flag)

// Compiled code, without types, for the next start. Threads find the folder in the environment;
// where it cannot be written, all goes on without.
const cacheUrl = new URL('../node_modules/.cache/istimrar', import.meta.url)
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(cacheUrl)
enableCompileCache()

await import('./main.ts')
