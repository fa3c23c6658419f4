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
  const packages = { chromium: 'chromium', prometheus: 'prometheus', promtool: 'prometheus' }
  const missing = Object.keys(packages).filter((program) => !onPath(program))
  if (missing.length === 0) return
  const wanted = [...new Set(missing.map((program) => packages[program]))]
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...wanted]
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.warn(
      `Not installed: ${missing.join(', ')}. Suites that need them are listed as not run. ` +
        `On Debian: sudo apt-get install ${wanted.join(' ')}`,
    )
    return
  }
  console.log(`Installing ${wanted.join(', ')} (apt-get) ...`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    run('apt-get', ['update', '-qq'], environment)
    run('apt-get', install, environment)
  } catch {
    console.warn('apt-get failed; suites that need these programs are listed as not run.')
  }
}

function run(program, args, env = process.env) {
  const shell = process.platform === 'win32'
  execFileSync(program, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'], shell })
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, program)))
}
