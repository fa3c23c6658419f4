/**
 * Does work that ends, one way or another, soon after a time limit: the signal it is handed aborts
 * then, or when `stop` does. (`AbortSignal.any` would tie each of a process's requests to `stop`.)
 */
export async function withDeadline<T>(
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  stop?: AbortSignal,
): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const timer = setTimeout(abort, limitMs)
  stop?.addEventListener('abort', abort)
  if (stop?.aborted) abort()
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    stop?.removeEventListener('abort', abort)
  }
}
