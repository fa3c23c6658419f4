'use strict'
// The floor under the agent's CPU time: what its minute asks of the system, done by a bare Node and
// nothing else. The same files are read, the same disks, processes and ports looked at, as many
// bytes kept, signed and sent over a kept TLS connection; nothing is scheduled, folded, judged,
// numbered or proven. What the agent takes above this is its own.
// Arguments: factor of speed, folder for files, ports of collector and TCP target; then as JSON the
// folders whose disks are looked at, the files, and how many processes.
const { generateKeyPairSync, sign, verify } = require('node:crypto')
const fs = require('node:fs')
const net = require('node:net')
const { join } = require('node:path')
const { DatabaseSync } = require('node:sqlite')
const tls = require('node:tls')

const [speed, folder, collectorPort, tcpPort, watched] = process.argv.slice(2)
const { folders, files, processes } = JSON.parse(watched)
const kernelFiles = ['uptime', 'stat', 'meminfo', 'self/mountinfo'].map((name) => `/proc/${name}`)
const processFiles = Array.from({ length: processes }, () => `/proc/${process.pid}/stat`)
const handles = [...kernelFiles, ...processFiles].map((file) => fs.openSync(file))
const buffer = Buffer.allocUnsafeSlow(16 * 1024)
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const message = Buffer.alloc(900, 'm')

const db = new DatabaseSync(join(folder, 'bare.sqlite'))
db.exec(`PRAGMA journal_mode = WAL; PRAGMA cache_size = -512;
  CREATE TABLE state (name TEXT PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE message (seq INTEGER PRIMARY KEY, jws TEXT NOT NULL);
  INSERT INTO state VALUES ('kept', '')`)
const keep = db.prepare("UPDATE state SET json = ? WHERE name = 'kept'")
const add = db.prepare('INSERT INTO message VALUES (?, ?)')
// As many numbers as twenty checks have.
const kept = Array.from({ length: 20 }, (_, index) => ({
  ...{ check: `check-${index}`, kind: 'disk', intervalMs: 60_000, state: 'up', at: 0, count: 0 },
  values: { n: 0, min: 0, max: 1, last: 0, buckets: [[-5, 1]] },
}))

const collector = tls.connect({
  ...{ host: '127.0.0.1', port: Number(collectorPort), servername: 'localhost' },
  ca: fs.readFileSync(join(folder, 'authority.pem')),
  onread: { buffer: Buffer.alloc(8 * 1024), callback: () => true },
})
collector.once('secureConnect', () => {
  process.stdout.write('The bare cycle runs.\n')
  setInterval(minute, 60_000 / Number(speed))
})

function send(bytes) {
  const signature = sign(null, bytes, privateKey).toString('base64url')
  const header = `x-text: ${bytes.toString('base64url')}.${signature}`
  collector.write(`GET /healthz HTTP/1.1\r\nhost: localhost\r\n${header}\r\n\r\n`)
  return signature
}

let minutes = 0
function minute() {
  minutes += 1
  for (const handle of handles) {
    const length = fs.readSync(handle, buffer, 0, buffer.length, 0)
    buffer.latin1Slice(0, length)
  }
  for (const path of folders) fs.statfsSync(path)
  for (const path of files) fs.statSync(path)
  for (let i = 0; i < 2; i++) {
    const socket = net.connect({ host: '127.0.0.1', port: Number(tcpPort) })
    socket.once('connect', () => socket.destroy())
  }
  for (const check of kept) {
    check.at = minutes
    check.count += 1
    check.values.n += 1
  }
  if (minutes % 10 === 0) {
    // A batch on disk before it is sent, and its receipt verified and on disk.
    db.exec('PRAGMA synchronous = FULL')
    add.run(minutes, send(message))
    const receipt = sign(null, message, privateKey)
    if (!verify(null, message, publicKey, receipt)) throw new Error('Not verified.')
    keep.run(JSON.stringify(kept))
    db.exec('PRAGMA synchronous = NORMAL')
  } else {
    keep.run(JSON.stringify(kept))
    // Each 90 seconds, but for the one that a batch stands for.
    if (minutes % 3 !== 0) send(message.subarray(0, 250))
  }
}
