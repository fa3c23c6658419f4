import { parse, stringify } from 'yaml'
import type { EpochMs } from '../../protocol/time.ts'
import { simulatedHosting } from '../simulation/move-hosting.ts'
import { policyYaml, registerYaml } from '../simulation/nation-yaml.ts'
import type { DemoNation } from './demo-nation.ts'

const mark = '# SIMULATED: a synthetic nation, not official data / بيانات محاكاة – ليست رسمية\n'

type Written = {
  institutions: {
    id: string
    roles?: object
    environments: { id: string; criticality: string; recovery?: object }[]
  }[]
}

/** The register as it is at an instant: with the environments that have hosts then. */
export function demoRegister({ nation, lives }: DemoNation, at: EpochMs): string {
  const institutions = nation.institutions.map((institution) => {
    const environments = institution.environments.filter(({ id }) => {
      const life = lives.get(`${institution.id}/${id}`)
      return life !== undefined && life.from <= at && at < life.to
    })
    return { ...institution, environments }
  })
  const kept = institutions.filter(({ environments }) => environments.length > 0)
  const register = parse(registerYaml({ ...nation, institutions: kept })) as Written
  for (const institution of register.institutions) {
    const gate = kept
      .find(({ id }) => id === institution.id)!
      .environments.find((each) => each.class === 'public')
    const host = gate?.agents[0]?.name
    if (gate && host) institution.roles = { remoteAccess: [`${gate.id}/${host}/portal`] }
    for (const environment of institution.environments) {
      const isCritical = environment.criticality === 'critical'
      environment.recovery = { rpoHours: isCritical ? 24 : 72, rtoHours: isCritical ? 2 : 8 }
    }
  }
  return mark + stringify(register, { aliasDuplicateObjects: false, lineWidth: 0 })
}

/** The policy: the defaults, and what the simulated ministry demands of hosting. */
export function demoPolicy({ nation, year }: DemoNation): string {
  const circularDate = new Date(year.from).toISOString().slice(0, 10)
  return policyYaml(nation, { hosting: { ...simulatedHosting, circularDate } })
}

/** The official results of a cycle, as a CSV file. */
export function officialCsv(
  institutions: readonly string[],
  percentOf: (institution: string) => number,
  date: string,
): string {
  const rows = ['national', ...institutions].map((id) => {
    return [id, percentOf(id).toFixed(2), 'SIMULATED', date].join()
  })
  return ['institution,index_percent,source,date', ...rows, ''].join('\n')
}

/** Published figures of a programme that never was. */
export function programmeYaml(year: number): string {
  const source = 'SIMULATED: بيانات محاكاة – ليست رسمية'
  const figures = [
    {
      id: 'P1',
      label: {
        ar: 'المؤسسات والمحافظات التي جرى قياسها',
        en: 'Institutions and governorates measured',
      },
      values: [{ kind: 'actual', count: 56, denominator: null, date: String(year), source }],
    },
    {
      id: 'P2',
      label: { ar: 'نسبة مؤشر الجاهزية الرقمية', en: 'Digital readiness index' },
      values: [
        { kind: 'actual', percent: 61, denominator: null, date: String(year), source },
        {
          kind: 'target',
          relation: '>=',
          percent: 85,
          denominator: null,
          date: String(year + 1),
          source,
        },
      ],
    },
  ]
  const programme = { apiVersion: 'istimrar.programme/v1', figures }
  return mark + stringify(programme, { aliasDuplicateObjects: false, lineWidth: 0 })
}
