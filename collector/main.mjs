import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

// Starts main.ts with little memory. No TypeScript, and nothing of ours is imported before the
// cache is open: the first file whose types must be stripped loads a compiler that never leaves.

/**
 * By itself V8 lets its heap grow to a multiple of what is in use. With this it collects once a
 * tenth was added, and a thread may ask it to when it has done its work. Source: node --v8-options
 */
if ((process.argv[2] ?? 'serve') === 'serve') {
  setFlagsFromString('--heap-growing-percent=10')
  setFlagsFromString('--expose-gc')
}

// Compiled code, without types, for the next start. Threads find the folder in the environment;
// where it cannot be written, all goes on without.
const cacheUrl = new URL('../node_modules/.cache/istimrar', import.meta.url)
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(cacheUrl)
enableCompileCache()

await import('./main.ts')
