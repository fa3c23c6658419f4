import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Architecture } from './packager.ts'

/** A program as packages of Linux carry it. */
export type Product = {
  readonly name: 'istimrar-agent' | 'istimrar-collector'
  /** One line. */
  readonly summary: string
  readonly description: string
  readonly arch: Architecture
  /** A folder that looks as `/` does afterwards. */
  readonly tree: string
  readonly needs: { readonly deb: string; readonly rpm: readonly string[] }
  /** Copied to /etc/istimrar where there is none yet. */
  readonly examples: readonly string[]
  /** What of /etc/istimrar belongs to it, and goes with a purge. */
  readonly settings: readonly string[]
  /** The file below its data that is there once it was set up. */
  readonly proof: string
  /** Timers among its units; nobody but an administrator enables one. */
  readonly timers?: readonly string[]
  /** Data that even a purge leaves alone, because they are evidence. */
  readonly keepsData: boolean
}

/** The shell functions that the scripts of its packages are made of, with @names@ filled in. */
async function functionsOf(root: string, product: Product): Promise<string> {
  const text = await readFile(join(root, 'deploy/package/files/maintain.sh'), 'utf8')
  const values: Readonly<Record<string, string>> = {
    name: product.name,
    examples: product.examples.join(' '),
    settings: product.settings.join(' '),
    proof: product.proof,
    timers: (product.timers ?? []).join(' '),
    keeps: product.keepsData ? 'yes' : 'no',
  }
  return text.replaceAll(/@(\w+)@/g, (_, name: string) => values[name] ?? '')
}

/** The scripts of a Debian package, by name. Source: Debian policy 6.5 */
export async function debianScripts(
  root: string,
  product: Product,
): Promise<Readonly<Record<string, string>>> {
  const functions = await functionsOf(root, product)
  const script = (body: string) => `#!/bin/sh\nset -e\n${functions}\n${body}\n`
  return {
    postinst: script(`if [ "$1" = configure ]; then
  prepare
  if [ -z "$2" ]; then start first; else start again; fi
fi`),
    prerm: script('if [ "$1" = remove ] || [ "$1" = deconfigure ]; then stop; fi'),
    postrm: script(`case "$1" in
remove) removed ;;
purge) purge ;;
esac`),
  }
}

/** The scripts of an RPM package, by section. It knows no purge: data and settings stay. */
export async function rpmScripts(
  root: string,
  product: Product,
): Promise<Readonly<Record<string, string>>> {
  const functions = await functionsOf(root, product)
  return {
    post: `${functions}\nprepare\nif [ "$1" -eq 1 ]; then start first; else start again; fi`,
    preun: `${functions}\nif [ "$1" -eq 0 ]; then stop; fi`,
    postun: `${functions}
if [ "$1" -eq 0 ]; then
  removed
  rm -f "/etc/systemd/system/multi-user.target.wants/$unit"
fi`,
  }
}
