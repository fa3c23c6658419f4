import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { name } from '../format.ts'
import type { Frame } from '../frame.ts'
import { html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { type TokensView, tokensSection } from '../parts/enrolment-tokens.ts'
import { type HostsView, hostsSection } from '../parts/hosts.ts'
import { type InstallView, installSection } from '../parts/install.ts'
import { titled } from '../parts/titled.ts'
import { paths } from '../paths.ts'
import { placeTexts } from '../texts/places.ts'
import { shellTexts } from '../texts/shell.ts'

/** What only those see who may manage the hosts. */
export type Managed = { readonly tokens: TokensView; readonly install: InstallView }

/** The agents of an institution and what people decide about them; tokens for whoever may. */
export function institutionAgentsPage(
  frame: Frame,
  snapshot: Snapshot,
  row: InstitutionRow,
  hosts: HostsView,
  managed: Managed | null,
): string {
  const { language } = frame
  const main = html`${titled(language, row.name, null)}
${hostsSection(frame, hosts)}
${managed && [installSection(frame, managed.install), tokensSection(frame, managed.tokens)]}`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.institution(language, row.id), name: name(language, row.name) },
  ]
  return layout(frame, { title: sayPlainly(language, placeTexts.agents), trail, snapshot, main })
}
