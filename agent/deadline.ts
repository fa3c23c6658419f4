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

/**
 * A time limit that begins when its signal is first asked for: what only reads files of the kernel,
 * which answer from memory, never asks, and costs no timer.
 */
export class LazyDeadline {
  readonly #limitMs: number
  #controller: AbortController | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal
    const controller = new AbortController()
    this.#controller = controller
    this.#timer = setTimeout(() => controller.abort(), this.#limitMs)
    return controller.signal
  }

  /** The look is over; the next signal begins a new limit. */
  clear(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#controller = null
  }
}
