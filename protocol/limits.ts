/** Every limit of the wire, in one place. Agent and collector enforce the same numbers. */
export const limits = {
  /** A compact JWS as sent, bytes. */
  messageBytesMax: 64 * 1024,
  /** Any other request body, bytes. */
  bodyBytesMax: 256 * 1024,
  /** Nesting of objects and arrays in a JSON text. */
  jsonDepthMax: 8,
  checksMax: 200,
  runsMax: 500,
  factsMax: 300,
  bucketsMax: 100,
  pausesMax: 100,
  labelCharactersMax: 100,
  detailCharactersMax: 200,
  /** A check's interval. */
  intervalMsMin: 5_000,
  intervalMsMax: 3_600_000,
  /** What one agent keeps while it cannot deliver. */
  spoolBytesMax: 256 * 1024 * 1024,
  spoolAgeMsMax: 7 * 86_400_000,
  /** Messages with a receipt that an agent keeps, for a collector restored from a backup. */
  sentBytesMax: 64 * 1024 * 1024,
  sentAgeMsMax: 7 * 86_400_000,
  /** How long an agent keeps receipts: a half-year cycle, its freeze, and a year. */
  receiptAgeMsMax: 560 * 86_400_000,
  /** An agent changes a key that is older. */
  keyAgeMsMax: 365 * 86_400_000,
  /** An agent younger than this seals every `sealYoungMs`, later every `sealMs`. */
  youngMs: 600_000,
  sealYoungMs: 15_000,
  sealMs: 600_000,
  /** At most one seal this often for state changes. */
  sealEarlyMs: 10_000,
  heartbeatMs: 90_000,
  /** Silence after which an agent is reported as silent. */
  silentMs: 300_000,
  /** A failure is confirmed by a second look after this time. */
  retryMs: 15_000,
} as const
