/** A record of wtmp as glibc lays it out: on x86-64 in 384 bytes, on arm64 in 400. */
export function wtmpRecord(
  what: 'boot' | 'shutdown' | 'runlevel' | 'login',
  atMs: number,
  bytes: 384 | 400 = 384,
): Buffer {
  const kinds = { boot: 2, shutdown: 1, runlevel: 1, login: 7 } as const
  const users = { boot: 'reboot', shutdown: 'shutdown', runlevel: 'runlevel', login: 'ahmed' }
  const record = Buffer.alloc(bytes)
  record.writeInt16LE(kinds[what], 0)
  record.write(what === 'login' ? 'pts/0' : '~', 8)
  record.write(users[what], 44)
  const [seconds, micros] = [Math.floor(atMs / 1_000), (atMs % 1_000) * 1_000]
  if (bytes === 384) {
    record.writeInt32LE(seconds, 340)
    record.writeInt32LE(micros, 344)
  } else {
    record.writeBigInt64LE(BigInt(seconds), 344)
    record.writeBigInt64LE(BigInt(micros), 352)
  }
  return record
}
