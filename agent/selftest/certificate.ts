import { generateKeyPairSync, sign } from 'node:crypto'

/** A server's certificate and its key, as PEM. */
export type OwnCertificate = { readonly cert: string; readonly key: string }

const oid = {
  ecdsaWithSha256: Buffer.from('06082a8648ce3d040302', 'hex'),
  commonName: Buffer.from('0603550403', 'hex'),
  subjectAltName: Buffer.from('0603551d11', 'hex'),
}

/** A certificate of 127.0.0.1 that signs itself (RFC 5280, P-256): made here, trusted nowhere. */
export function ownCertificate(from: number, to: number): OwnCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(
    node(0x31, sequence(oid.commonName, node(0x0c, Buffer.from('istimrar selftest')))),
  )
  const addresses = sequence(node(0x87, Buffer.of(127, 0, 0, 1)))
  const extension = sequence(oid.subjectAltName, node(0x04, addresses))
  const body = sequence(
    node(0xa0, node(0x02, Buffer.of(2))),
    node(0x02, Buffer.of(1)),
    sequence(oid.ecdsaWithSha256),
    name,
    sequence(time(from), time(to)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    node(0xa3, sequence(extension)),
  )
  const signature = node(0x03, Buffer.of(0), sign('sha256', body, privateKey))
  const der = sequence(body, sequence(oid.ecdsaWithSha256), signature)
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
  return node(0x18, Buffer.from(digits))
}

function sequence(...parts: Buffer[]): Buffer {
  return node(0x30, ...parts)
}

/** DER: a tag, how long, and what. */
function node(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const { length } = body
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), body])
}
