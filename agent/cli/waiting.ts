import { minuteMs, secondMs } from '../../protocol/time.ts'
import { AgentError } from '../error.ts'
import { type Said, said } from '../language.ts'
import type { Option, Program } from '../program.ts'
import { text, type Values } from './command.ts'
import { enrolTexts } from './texts/joining.ts'

/** Exit code: all is done here, and a person has to act elsewhere before it goes on. */
export const waitingCode = 3

export const waitOption: Option = {
  type: 'string',
  value: 'MINUTES',
  about: enrolTexts.wait,
}

/** The collector could not be asked; worth another try while one waits. */
export class Away extends AgentError {
  constructor(message: Said, options?: ErrorOptions) {
    super('failed', message, options)
  }
}

const pollMs = 15 * secondMs

/**
 * Asks again until there is an answer or the time of `--wait` is over: null then. A collector that
 * answered once may be away for a while; the first time that is an error.
 */
export async function poll<T>(
  { clock, timer }: Pick<Program, 'clock' | 'timer'>,
  values: Values,
  ask: () => Promise<T | null>,
): Promise<T | null> {
  const endAt = clock.running() + waitMs(values)
  let answer = await ask()
  while (answer === null && clock.running() + pollMs <= endAt) {
    await new Promise<void>((resolve) => timer(pollMs, resolve))
    answer = await ask().catch((error) => {
      if (error instanceof Away) return null
      throw error
    })
  }
  return answer
}

function waitMs(values: Values): number {
  const minutes = text(values, 'wait') ?? '0'
  if (!/^\d{1,4}$/.test(minutes) || Number(minutes) > 1_440) {
    throw new AgentError('usage', said(enrolTexts.badWait))
  }
  return Number(minutes) * minuteMs
}
