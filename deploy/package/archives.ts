import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { architectures, type Packager, run } from './packager.ts'
import { debianScripts, type Product, rpmScripts } from './product.ts'
import { Tree } from './tree.ts'

const maintainer = 'Istimrar <istimrar@example.om>'

/** Makes a `.deb` of a product. Answers its path. */
export async function debianPackage(packager: Packager, product: Product): Promise<string> {
  const { root, out, version, revision, epochSeconds, isFast } = packager
  const arch = architectures[product.arch].deb
  const tree = new Tree(product.tree)
  const full = `${version}-${revision}`
  const control = `Package: ${product.name}
Version: ${full}
Architecture: ${arch}
Maintainer: ${maintainer}
Section: admin
Priority: optional
Installed-Size: ${Math.ceil((await bytesIn(product.tree)) / 1024)}
Depends: ${product.needs.deb}
Description: ${product.summary}
${folded(product.description)}
`
  await tree.write('DEBIAN/control', control)
  for (const [name, text] of Object.entries(await debianScripts(root, product))) {
    await tree.write(`DEBIAN/${name}`, text, 0o755)
  }
  await tree.date(epochSeconds)
  const file = join(out, `${product.name}_${full}_${arch}.deb`)
  const compression = isFast ? ['-Znone'] : ['-Zxz']
  const env = { SOURCE_DATE_EPOCH: String(epochSeconds) }
  const args = ['--root-owner-group', ...compression, '--build', product.tree, file]
  await run('dpkg-deb', args, { env })
  await rm(join(product.tree, 'DEBIAN'), { recursive: true })
  return file
}

/** Makes an `.rpm` of a product. Answers its path. */
export async function rpmPackage(packager: Packager, product: Product): Promise<string> {
  const { root, out, work, version, revision, epochSeconds, isFast } = packager
  const arch = architectures[product.arch].rpm
  const folder = join(work, `rpm-${product.name}-${product.arch}`)
  await mkdir(folder, { recursive: true })
  await new Tree(product.tree).date(epochSeconds)
  const scripts = Object.entries(await rpmScripts(root, product))
  const needs = product.needs.rpm.map((need) => `Requires: ${need}`)
  // As it lies there, byte for byte: nothing is stripped, compressed or scanned on the way.
  const spec = `%global __os_install_post %{nil}
%global debug_package %{nil}
%global _build_id_links none
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _buildhost istimrar
%define _binary_payload ${isFast ? 'w1.gzdio' : `w6T${availableParallelism()}.xzdio`}
Name: ${product.name}
Version: ${version}
Release: ${revision}
Summary: ${product.summary}
License: Apache-2.0
Group: System/Monitoring
AutoReqProv: no
${needs.join('\n')}
Requires(pre): shadow-utils
%description
${product.description}
${scripts.map(([name, text]) => `%${name} -p /bin/sh\n${text.replaceAll('%', '%%')}\n`).join('')}
%install
mkdir -p "%{buildroot}"
cp -al "${product.tree}/." "%{buildroot}"
%files
%defattr(-,root,root,-)
${(await filesIn(product.tree)).map((path) => `"${path}"`).join('\n')}
`
  const specFile = join(folder, 'package.spec')
  await writeFile(specFile, spec)
  const defines = { _topdir: folder, _rpmdir: folder, _dbpath: join(folder, 'db') }
  await run(
    'rpmbuild',
    [
      ...['-bb', '--quiet', '--target', `${arch}-linux`, '--noclean'],
      ...Object.entries(defines).flatMap(([name, value]) => ['--define', `${name} ${value}`]),
      specFile,
    ],
    { env: { SOURCE_DATE_EPOCH: String(epochSeconds), HOME: folder } },
  )
  const name = `${product.name}-${version}-${revision}.${arch}.rpm`
  const file = join(out, name)
  await run('cp', [join(folder, arch, name), file])
  return file
}

/** Packs a folder, which becomes the archive's only folder. Answers the archive's path. */
export async function tarArchive(packager: Packager, folder: string): Promise<string> {
  const { out, epochSeconds, isFast } = packager
  await chmod(folder, 0o755)
  const file = join(out, `${basename(folder)}.tar.xz`)
  await run(
    'tar',
    [
      ...['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'],
      ...[`--mtime=@${epochSeconds}`, `-I`, isFast ? 'xz -T0 -0' : 'xz -T0 -6'],
      ...['-cf', file, '-C', dirname(folder), basename(folder)],
    ],
    {},
  )
  return file
}

/** As `tarArchive`, for Windows. */
export async function zipArchive(packager: Packager, folder: string): Promise<string> {
  const { out, epochSeconds, isFast } = packager
  await new Tree(folder).date(epochSeconds)
  const file = join(out, `${basename(folder)}.zip`)
  await rm(file, { force: true })
  const files = (await filesIn(folder)).map((path) => `${basename(folder)}${path}`)
  await run('zip', ['-X', '-D', '-q', isFast ? '-1' : '-9', file, ...files], {
    cwd: dirname(folder),
  })
  return file
}

/** Paths of all files, each beginning with a slash, in order. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length))
    .sort()
}

async function bytesIn(folder: string): Promise<number> {
  const files = await filesIn(folder)
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

function folded(text: string): string {
  return text
    .split('\n')
    .map((line) => ` ${line || '.'}`)
    .join('\n')
}
