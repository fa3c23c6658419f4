import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** A certificate made for a test, with what is needed to serve it or to issue others by it. */
export type TestCertificate = {
  readonly cert: string
  readonly key: string
  readonly issuer: { readonly name: string; readonly privateKey: KeyObject }
}

export type CertificateRequest = {
  /** DNS names, IPv4 addresses and `::1`; the first is also the common name. */
  readonly names: readonly string[]
  readonly from: number
  readonly to: number
  /** Who signs; the certificate signs itself without. */
  readonly issuer?: TestCertificate['issuer']
  readonly authority?: boolean
}

/** Makes an X.509 certificate (RFC 5280) on P-256, written in DER by hand: no `openssl` needed. */
export function makeCertificate(request: CertificateRequest): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = request.names[0] ?? 'test'
  const issuer = request.issuer ?? { name, privateKey }
  const tbs = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    sequence(oid.ecdsaWithSha256),
    distinguishedName(issuer.name),
    sequence(time(request.from), time(request.to)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions(request))),
  )
  const signature = sign('sha256', tbs, issuer.privateKey)
  const der = sequence(
    tbs,
    sequence(oid.ecdsaWithSha256),
    tlv(0x03, Buffer.concat([Buffer.of(0), signature])),
  )
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    issuer: { name, privateKey },
  }
}

const oid = {
  ecdsaWithSha256: Buffer.from('06082a8648ce3d040302', 'hex'),
  commonName: Buffer.from('0603550403', 'hex'),
  subjectAltName: Buffer.from('0603551d11', 'hex'),
  basicConstraints: Buffer.from('0603551d13', 'hex'),
}

function extensions({ names, authority }: CertificateRequest): Buffer[] {
  const alternatives = names.map((name) => {
    if (isIPv4(name)) return tlv(0x87, Buffer.from(name.split('.').map(Number)))
    return name === '::1' ? tlv(0x87, Buffer.alloc(16).fill(1, 15)) : tlv(0x82, Buffer.from(name))
  })
  const list = [sequence(oid.subjectAltName, tlv(0x04, sequence(...alternatives)))]
  if (authority) {
    const isAuthority = sequence(tlv(0x01, Buffer.of(0xff)))
    list.push(sequence(oid.basicConstraints, tlv(0x01, Buffer.of(0xff)), tlv(0x04, isAuthority)))
  }
  return list
}

function distinguishedName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(oid.commonName, tlv(0x0c, Buffer.from(name)))))
}

function time(at: number): Buffer {
  const digits = new Date(at)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '')
  return tlv(0x18, Buffer.from(digits))
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts))
}

/** Tag, length, value. */
function tlv(tag: number, value: Buffer): Buffer {
  const length = value.length
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), value])
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), value])
}
