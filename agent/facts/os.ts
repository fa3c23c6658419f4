import {
  type Product,
  releasesOf,
  type Support,
  type System,
  supportReading,
} from './end-of-life.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'

/** What a distribution's `ID` stands for in the table, and how its releases are named there. */
const distributions: Readonly<Record<string, { product: Product; parts: 1 | 2 }>> = {
  debian: { product: 'debian', parts: 1 },
  ubuntu: { product: 'ubuntu', parts: 2 },
  rhel: { product: 'rhel', parts: 1 },
  centos: { product: 'centos', parts: 1 },
  rocky: { product: 'rocky-linux', parts: 1 },
  almalinux: { product: 'almalinux', parts: 1 },
  ol: { product: 'oracle-linux', parts: 1 },
  sles: { product: 'sles', parts: 2 },
  sles_sap: { product: 'sles', parts: 2 },
  'opensuse-leap': { product: 'opensuse', parts: 2 },
  fedora: { product: 'fedora', parts: 1 },
  amzn: { product: 'amazon-linux', parts: 2 },
  alpine: { product: 'alpine-linux', parts: 2 },
}
/** Systems without releases: they are supported as long as they are kept up to date. */
const rolling = ['arch', 'opensuse-tumbleweed', 'gentoo', 'void', 'nixos']

const extendedNames: Readonly<Partial<Record<Product, string>>> = {
  debian: 'LTS, open to all',
  ubuntu: 'ESM',
  rhel: 'ELS',
  sles: 'LTSS',
}

/** Which system this is, and how long it is supported yet. */
export const osFact: FactProbe = {
  indicators: ['os.name', 'os.support_left_days'],
  measure: async (host) => {
    const text = host.read('/etc/os-release') ?? host.read('/usr/lib/os-release')
    if (text === null) return olderSystem(host)
    const fields = osRelease(text)
    const name = fields.PRETTY_NAME || fields.NAME || fields.ID
    if (!name) throw new Missing('not_known', 'os-release')
    return [nameOf(name, 'os-release'), support(name, fields, host)]
  },
}

/** Before os-release there was a line that only Red Hat's family has. */
function olderSystem(host: FactHost): Reading[] {
  const line = host.read('/etc/redhat-release')?.trim()
  if (!line) throw new Missing('not_known', 'os-release')
  const release = /release (\d+)/.exec(line)?.[1] ?? ''
  const ID = line.startsWith('CentOS') ? 'centos' : 'rhel'
  return [
    nameOf(line, 'redhat-release'),
    support(line, { ID, VERSION_ID: release }, host, 'redhat-release'),
  ]
}

function nameOf(value: string, method: string): Reading<'os.name'> {
  return { indicator: 'os.name', value, method }
}

type Fields = Readonly<Partial<Record<'ID' | 'VERSION_ID' | 'NAME' | 'PRETTY_NAME', string>>>

/** The fields of os-release(5): shell assignments, quoted or not. */
export function osRelease(text: string): Fields {
  const lines = text.matchAll(/^([A-Z_]+)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(.*))$/gm)
  return Object.fromEntries(
    [...lines].map(([, name, double, single, plain]) => {
      return [name, double?.replace(/\\(.)/g, '$1') ?? single ?? plain?.trim()]
    }),
  )
}

function support(name: string, fields: Fields, host: FactHost, method = 'os-release'): Reading {
  const { ID = '', VERSION_ID = '' } = fields
  if (rolling.includes(ID)) {
    const none = { indicator: 'os.support_left_days', value: null, method } as const
    return { ...none, missing: 'not_known', detail: `${name}: a rolling release, no end is set` }
  }
  const found = Object.hasOwn(distributions, ID) ? distributions[ID] : undefined
  if (!found) return supportReading({ name, support: undefined }, host.now, method)
  const isStream = ID === 'centos' && /stream/i.test(fields.NAME ?? '')
  const product = isStream ? 'centos-stream' : found.product
  const extendedName = extendedNames[product]
  const system: System = {
    name,
    support: releaseOf(product, VERSION_ID, found.parts),
    ...(extendedName !== undefined && { extendedName }),
    isExtended: product === 'debian' || (product === 'ubuntu' && hasUbuntuPro(host)),
  }
  return supportReading(system, host.now, method)
}

function releaseOf(product: Product, version: string, parts: number): Support | undefined {
  const release = version.split('.').slice(0, parts).join('.')
  return releasesOf(product).find((each) => each.release === release)
}

/** Whether Ubuntu's paid maintenance is on, by what its client left for all to read. */
function hasUbuntuPro(host: FactHost): boolean {
  try {
    const text = host.read('/var/lib/ubuntu-advantage/status.json') ?? '{}'
    const { attached, services } = JSON.parse(text) as {
      attached?: unknown
      services?: { name?: unknown; status?: unknown }[]
    }
    const isOn = services?.some(({ name, status }) => name === 'esm-infra' && status === 'enabled')
    return attached === true && isOn === true
  } catch {
    return false // not allowed, or no status: what is not shown is not counted
  }
}
