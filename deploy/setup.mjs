// Makes a fresh checkout ready for `npm start` and, with --test, for `npm test`. Runs on the
// system's own Node (20 or newer), before anything is installed, so it uses nothing but Node.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const inRoot = (path) => join(root, path)

installPackages()
if (process.argv.includes('--test')) installPrograms()

function installPackages() {
  const stamp = inRoot('node_modules/.istimrar-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex')
  const node = inRoot(`node_modules/.bin/node${process.platform === 'win32' ? '.cmd' : ''}`)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node)) return
  console.log('Installing packages (npm ci) ...')
  try {
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  } catch {
    console.error('The packages could not be installed; npm says above why.')
    process.exit(1)
  }
  if (!existsSync(node)) {
    console.error(
      `There is no pinned Node.js for ${process.platform} ${process.arch}. ` +
        'Supported: Linux x64 and arm64, Windows x64, macOS arm64.',
    )
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}

/** Programs the system tests drive, with the Debian package that holds each. */
function installPrograms() {
  const packages = {
    chromium: 'chromium',
    prometheus: 'prometheus',
    promtool: 'prometheus',
    'prometheus-alertmanager': 'prometheus-alertmanager',
    amtool: 'prometheus-alertmanager',
    strace: 'strace',
    faketime: 'faketime',
    iptables: 'iptables',
    ip: 'iproute2',
    'victoria-metrics': 'victoria-metrics',
    'systemd-analyze': 'systemd',
    rpmbuild: 'rpm',
    zip: 'zip',
    unzip: 'unzip',
    'ansible-playbook': 'ansible-core',
    'prometheus-node-exporter': 'prometheus-node-exporter',
    zabbix_agent2: 'zabbix-agent2',
    netdata: 'netdata',
    buildah: 'buildah',
    yamllint: 'yamllint',
    openssl: 'openssl',
    pdftotext: 'poppler-utils',
    pdftoppm: 'poppler-utils',
  }
  const missing = Object.keys(packages).filter((program) => !onPath(program))
  if (missing.length === 0) return
  const wanted = [...new Set(missing.map((program) => packages[program]))]
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.warn(
      `Not installed: ${missing.join(', ')}. Suites that need them are listed as not run. ` +
        `On Debian: sudo apt-get install ${wanted.join(' ')}`,
    )
    return
  }
  console.log(`Installing ${wanted.join(', ')} (apt-get) ...`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const failed = []
  try {
    run('apt-get', ['update', '-qq'], environment)
  } catch {
    console.warn('apt-get update failed; what is not there is listed as not run.')
  }
  // One by one: a release of Debian that lacks one of them has the others.
  for (const name of wanted) {
    try {
      installWithoutService(name, environment)
    } catch {
      failed.push(name)
    }
  }
  if (failed.length === 0) return
  console.warn(
    `apt-get could not install ${failed.join(', ')}; suites that need them are listed as not run.`,
  )
}

/**
 * Installs a package whose service, of the same name, is neither started (Debian's way to say so
 * is policy-rc.d; one that is there already decides) nor enabled: it would disturb benchmarks.
 */
function installWithoutService(name, environment) {
  const script = `
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
      trap 'rm -f $policy' EXIT
      trap 'exit 1' HUP INT TERM
      printf '#!/bin/sh\\nexit 101\\n' >$policy
      chmod 755 $policy
    fi
    apt-get install -y -qq --no-install-recommends "$1" || exit
    systemctl disable --quiet "$1.service" 2>/dev/null || true`
  run('sh', ['-c', script, 'sh', name], environment)
}

function run(program, args, env = process.env) {
  const shell = process.platform === 'win32'
  execFileSync(program, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'], shell })
}

/** Also where only root's PATH leads to. */
function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => existsSync(join(folder, program)))
}
