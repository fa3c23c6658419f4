import { reasonTexts } from '../../../protocol/reason-texts.ts'
import type { CheckRow, EnvironmentRow, InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { duration, name, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { html } from '../html.ts'
import { say } from '../language.ts'
import { layout } from '../layout.ts'
import { changesTable } from '../parts/changes.ts'
import { asLastSealed, checkName, checkNeed, checkValue } from '../parts/checks.ts'
import { stateChip } from '../parts/chip.ts'
import { guide } from '../parts/guide.ts'
import { type Strips, timelines } from '../parts/strip.ts'
import { facts } from '../parts/titled.ts'
import { paths } from '../paths.ts'
import { checkKindTexts, checkTexts } from '../texts/checks.ts'
import { checkGuide } from '../texts/guide.ts'
import { placeTexts } from '../texts/places.ts'
import { shellTexts } from '../texts/shell.ts'

export type CheckPlace = {
  readonly institution: InstitutionRow
  readonly environment: EnvironmentRow
  readonly check: CheckRow
}

/** One check: its state as last sealed, why, and what happened when. */
export function checkPage(
  frame: Frame,
  snapshot: Snapshot,
  { institution, environment, check }: CheckPlace,
  strips: Strips,
): string {
  const { language } = frame
  const agent = environment.agents.find((each) => each.agent === check.agent)
  const instant = (at: number | null) => (at === null ? null : time(frame, at, 'minuteOfYear'))
  const main = html`<div class="titled"><h1><bdi>${checkName(check)}</bdi></h1>
<div class="chips">${stateChip(language, check.state)}
<small>${asLastSealed(language, agent)}</small></div></div>
${facts([
  [say(language, checkTexts.value), checkValue(language, check.kind, check.value) ?? null],
  [say(language, checkTexts.reason), check.reason && say(language, reasonTexts[check.reason])],
  [say(language, checkTexts.since), instant(check.since)],
  [say(language, checkTexts.through), instant(check.through)],
  [say(language, checkTexts.kind), say(language, checkKindTexts[check.kind])],
  [say(language, checkTexts.need), checkNeed(language, check)],
  [say(language, checkTexts.interval), duration(language, check.intervalMs)],
  [say(language, placeTexts.agent), html`<bdi dir="ltr">${agent?.name ?? check.agent}</bdi>`],
  [say(language, checkTexts.check), html`<bdi dir="ltr">${check.check}</bdi>`],
])}
${timelines(frame, snapshot, strips)}
${changesTable(frame, strips.cycle, snapshot.asOf)}
${guide(language, checkGuide)}`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.institution(language, institution.id), name: name(language, institution.name) },
    {
      href: paths.environment(language, institution.id, environment.id),
      name: name(language, environment.name),
    },
  ]
  return layout(frame, { title: checkName(check), trail, snapshot, main })
}
