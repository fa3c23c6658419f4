import { initTexts } from '../cli/texts/init.ts'
import { said } from '../language.ts'
import { runningUnits } from '../probes/systemd.ts'
import { wantedAmong } from '../probes/systemd-unit.ts'
import { type Proposal, toId } from './proposal.ts'
import type { System } from './system.ts'

const unitsMax = 20

/** Services that others depend on, by the names that distributions and makers give them. */
const wellKnown = [
  // web
  'nginx|apache2|httpd|caddy|lighttpd|haproxy|varnish|squid|tomcat[0-9]*|php[0-9.]*-fpm',
  // data
  'mariadb|mysqld?|postgresql(@.+|-[0-9]+)?|mongod|redis(-server)?(@.+)?|valkey(-server)?(@.+)?',
  'mssql-server|elasticsearch|opensearch|clickhouse-server|influxdb|minio|rabbitmq-server|kafka',
  // names, addresses, accounts, files, mail
  'named|bind9|unbound|dnsmasq|isc-dhcp-server|kea-dhcp[46](-server)?|slapd|dirsrv@.+|krb5-kdc',
  'samba-ad-dc|smbd?|nmbd|winbind|sssd|keycloak|vsftpd|proftpd|postfix(@.+)?|exim4|dovecot',
  // what others run in, and ways in
  'docker|containerd|crio|kubelet|k3s(-agent)?|libvirtd|pveproxy|openvpn(-server|-client)?@.+',
  'strongswan(-starter)?|keepalived|gitlab-runsvdir|jenkins|grafana-server|prometheus',
]
const isWellKnown = new RegExp(`^(${wellKnown.join('|')})\\.service$`)

/** A check for each well-known service that systemd runs here; no other program is looked at. */
export async function proposeUnits({ platform, root }: System): Promise<Proposal[]> {
  if (platform !== 'linux') return []
  const running = await runningUnits(root).catch(() => []) // no systemd, or not to be seen
  const known = running.filter((name) => isWellKnown.test(name)).sort()
  const wanted = await wantedAmong(root, known).catch(() => new Set<string>())
  return known.slice(0, unitsMax).map((unit): Proposal => {
    const name = unit.replace(/\.service$/, '')
    const proposal = {
      name: `service-${toId(name)}`,
      kind: 'service',
      settings: { unit: name },
    } as const
    if (wanted.has(unit)) return { ...proposal, comment: said(initTexts.unit, { name }) }
    const comment = said(initTexts.unitByHand, { name })
    return { ...proposal, comment, declined: true }
  })
}
