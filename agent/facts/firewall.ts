import type { FactHost, FactProbe, Reading } from './fact.ts'
import { glance, isObject, jsonObject, peek, unitStates } from './peek.ts'

/**
 * Whether this host turns away what nobody allowed. Rules themselves are only for CAP_NET_ADMIN;
 * an ordinary user sees services, some of their files, and whether the kernel can filter at all.
 * True rests on a policy that drops, false on all rules or on a kernel without any.
 */
export const firewallFact: FactProbe = {
  indicators: ['firewall.on'],
  async measure(host) {
    return [
      (await byRules(host)) ??
        (await byService(host)) ??
        withoutFilter(host) ??
        (await whyUnread(host)),
    ]
  },
}

const indicator = 'firewall.on'
const readNft = { file: 'nft', args: ['-j', 'list', 'ruleset'] } as const
const readIptables = { file: 'iptables-save', args: [] } as const

/** Without nft its rules stay unseen, whatever this user may do. */
async function whyUnread(host: FactHost): Promise<Reading> {
  const base = { indicator, value: null, method: 'nft' } as const
  const [nft, iptables] = await Promise.all([host.ask(readNft), host.ask(readIptables)])
  const isAllowed = iptables?.status === 0
  if (nft === null && (iptables === null || isAllowed)) return { ...base, missing: 'no_tool' }
  return { ...base, missing: 'no_permission', permission: 'CAP_NET_ADMIN (firewall rules)' }
}

/** What the rules say, where this user may read them. */
async function byRules(host: FactHost): Promise<Reading | null> {
  const [nft, legacy] = await Promise.all([host.ask(readNft), host.ask(readIptables)])
  const rules = nft?.status === 0 ? nftDrops(nft.stdout) : null
  if (rules) return { indicator, value: true, method: 'nft' }
  // Without the right to look, some versions print nothing and still end well.
  const saved = legacy?.status === 0 && legacy.stdout.includes('*filter') ? legacy.stdout : null
  if (saved !== null && iptablesDrops(saved)) {
    return { indicator, value: true, method: 'iptables-save' }
  }
  // nft sees what iptables made of itself, but not the tables of the old kind.
  const isAll = rules === false && (peek(host, '/proc/net/ip_tables_names') ?? '').trim() === ''
  return isAll
    ? { indicator, value: false, method: 'nft', detail: 'no rule drops by default' }
    : null
}

/** Whether an input chain drops what no rule allows; null when this is no list of rules. */
function nftDrops(text: string): boolean | null {
  const objects = jsonObject(text)?.nftables
  if (!Array.isArray(objects)) return null
  const of = (kind: string) =>
    objects.flatMap((each: unknown) => {
      const object = isObject(each) ? each[kind] : null
      return isObject(object) ? [object] : []
    })
  const inputs = of('chain').filter(({ hook }) => hook === 'input')
  return inputs.some(({ policy, family, table, name }) => {
    if (policy === 'drop') return true
    const own = of('rule').filter(
      (rule) => rule.family === family && rule.table === table && rule.chain === name,
    )
    const last = own.at(-1)?.expr
    return Array.isArray(last) && last.every(isUnconditional) && last.some(isRefusal)
  })
}

const isRefusal = (each: unknown) => isObject(each) && ('drop' in each || 'reject' in each)
const isUnconditional = (each: unknown) =>
  isRefusal(each) || (isObject(each) && ('counter' in each || 'log' in each))

/** Likewise of what `iptables-save` prints. */
function iptablesDrops(text: string): boolean {
  const filter = /^\*filter\n([\s\S]*?)^COMMIT/m.exec(text)?.[1] ?? ''
  if (/^:INPUT DROP\b/m.test(filter)) return true
  const last = filter.match(/^-A INPUT .*$/gm)?.at(-1) ?? ''
  return /^-A INPUT -j (DROP|REJECT)\b/.test(last)
}

/** A service that is active, and whose own files say that it drops. */
async function byService(host: FactHost): Promise<Reading | null> {
  const states = await unitStates(host, ['firewalld.service', 'ufw.service', 'nftables.service'])
  const isActive = (unit: string) => states?.get(`${unit}.service`) === 'active'
  if (isActive('firewalld')) return firewalld(host)
  const ufw = peek(host, '/etc/ufw/ufw.conf') ?? ''
  const policy = peek(host, '/etc/default/ufw') ?? ''
  const isEnabled = /^ENABLED=["']?yes/im.test(ufw) && (isActive('ufw') || !states)
  if (isEnabled && /^DEFAULT_INPUT_POLICY=["']?(DROP|REJECT)/m.test(policy)) {
    return { indicator, value: true, method: 'ufw' }
  }
  const file = peek(host, '/etc/nftables.conf') ?? peek(host, '/etc/sysconfig/nftables.conf') ?? ''
  const rules = file.replace(/#.*$/gm, '')
  if (isActive('nftables') && /hook\s+input\b[^}]*?policy\s+drop/.test(rules)) {
    return { indicator, value: true, method: 'nftables-conf' }
  }
  return null
}

/** Each zone of firewalld refuses what it does not allow, but the one named `trusted`. */
function firewalld(host: FactHost): Reading {
  const text = peek(host, '/etc/firewalld/firewalld.conf') ?? ''
  const zone = /^DefaultZone=(\S+)/m.exec(text)?.[1]
  const method = 'firewalld'
  if (zone === 'trusted') return { indicator, value: false, method, detail: 'all is allowed' }
  return { indicator, value: true, method }
}

const filterModules = ['nf_tables', 'ip_tables', 'x_tables', 'bpfilter']

/** A kernel that holds none of the parts that filter cannot filter: anyone may know that. */
function withoutFilter(host: FactHost): Reading | null {
  const release = peek(host, '/proc/sys/kernel/osrelease')?.trim()
  const loaded = peek(host, '/proc/modules')
  const builtIn = release ? peek(host, `/lib/modules/${release}/modules.builtin`) : null
  if (!loaded || builtIn === null) return null
  const isThere = (module: string) =>
    new RegExp(`^${module} `, 'm').test(loaded) || builtIn.includes(`/${module}.ko`)
  if (filterModules.some(isThere) || glance(host, '/sys/module').includes('nf_tables')) return null
  const detail = 'the kernel holds no packet filter'
  return { indicator, value: false, method: 'kernel-modules', detail }
}
