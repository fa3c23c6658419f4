import type { EpochMs } from '../../protocol/time.ts'

/** An enrolment token, of which only the hash is kept. */
export type TokenRow = {
  readonly hash: string
  readonly institution: string
  readonly environment: string
  readonly expiresAt: EpochMs
  readonly usesMax: number
  readonly uses: number
  /** Networks a host must join from, as `192.0.2.0/24`; null: from anywhere. */
  readonly subnets: readonly string[] | null
  /** Whether an admin must approve each host that joins with it. */
  readonly approval: boolean
  /** When somebody ended it before its time; null while nobody did. */
  readonly endedAt: EpochMs | null
}
