import { collectorLimits } from '../limits.ts'

const { commitWaitMs: waitMs, commitMessagesMax: jobsMax } = collectorLimits

type Waiting<Job, Answer> = {
  readonly job: Job
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Gathers jobs into groups and runs one group at a time, in the order of arrival. */
export class GroupCommit<Job, Answer> {
  readonly #run: (jobs: readonly Job[]) => Promise<(Answer | Error)[]>
  #queue: Waiting<Job, Answer>[] = []
  #running: Promise<void> | null = null

  /** `run` answers each job of a group in order; an Error rejects that job alone. */
  constructor(run: (jobs: readonly Job[]) => Promise<(Answer | Error)[]>) {
    this.#run = run
  }

  get waiting(): number {
    return this.#queue.length
  }

  add(job: Job): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#queue.push({ job, resolve, reject })
    this.#running ??= this.#work()
    return promise
  }

  async drain(): Promise<void> {
    await this.#running
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      if (this.#queue.length < jobsMax) await new Promise((done) => setTimeout(done, waitMs))
      const group = this.#queue.splice(0, jobsMax)
      try {
        const answers = await this.#run(group.map(({ job }) => job))
        group.forEach(({ resolve, reject }, i) => {
          const answer = answers[i]!
          if (answer instanceof Error) reject(answer)
          else resolve(answer)
        })
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#running = null
  }
}
