import { csvLine } from '../exports/csv.ts'
import type { Discovered } from '../kpi/migration/result.ts'
import type { EnvironmentRow } from '../kpi/snapshot.ts'
import type { AskedWorkload } from '../register/workloads.ts'
import { columnOrder, rowOf } from './workload-columns.ts'

/** Without it spreadsheets take Arabic for Latin letters. */
const byteOrderMark = '\ufeff'

/** A workload on an environment that none names, for people to complete. */
export function proposedWorkload(
  { environment, provider, as }: Pick<Discovered, 'environment' | 'provider' | 'as'>,
  { name, criticality }: Pick<EnvironmentRow, 'name' | 'criticality'>,
): AskedWorkload {
  const place = { environment, hosts: [] }
  return {
    ...{ id: environment, name, criticality, state: 'identified' },
    ...{ dataClass: null, strategy: null, wave: null, owner: null },
    source: as === 'source' ? place : null,
    target: as === 'target' ? place : null,
    ...{ provider, serviceSince: null, plannedStart: null, plannedFinish: null },
    ...{ startedOn: null, cutOverOn: null, retiredOn: null, blocked: null },
  }
}

/** What discovery proposes to register, of environments that the snapshot shows. */
export function proposedWorkloads(
  discovered: readonly Discovered[],
  environments: readonly EnvironmentRow[],
  known: readonly { readonly id: string }[],
): AskedWorkload[] {
  return discovered.flatMap((each) => {
    const row = environments.find(({ id }) => id === each.environment)
    const isTaken = known.some(({ id }) => id === each.environment)
    // Its id would be that of another workload: somebody else must find one.
    return row && !isTaken ? [proposedWorkload(each, row)] : []
  })
}

/** Workloads as a file that the import takes back, with its header where there are none. */
export function workloadsCsv(workloads: readonly AskedWorkload[]): string {
  return byteOrderMark + [columnOrder, ...workloads.map(rowOf)].map(csvLine).join('')
}
