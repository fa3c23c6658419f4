import type { CheckDefinition } from '../../protocol/batch.ts'
import { minuteMs } from '../../protocol/time.ts'

/** An environment of the nation under load. */
export type LoadPlace = { readonly institution: string; readonly environment: string }

const institutionsMax = 56
const environmentsEach = 5

/**
 * Twenty checks as a host of an institution declares them: what it serves, and what it runs on.
 */
export const loadDefinitions: readonly CheckDefinition[] = [
  { check: 'host', kind: 'host' },
  ...numbered('web', 'http', 5),
  ...numbered('port', 'tcp', 4),
  ...numbered('name', 'dns', 2),
  ...numbered('certificate', 'tls', 2),
  ...numbered('disk', 'disk', 3),
  { check: 'memory', kind: 'memory' } as const,
  { check: 'cpu', kind: 'cpu' } as const,
  { check: 'clock', kind: 'clock' } as const,
].map((definition) => ({ ...definition, intervalMs: minuteMs }) as CheckDefinition)

/** Environments for so many agents: at most 280, those of 56 institutions. */
export function loadPlaces(agents: number): LoadPlace[] {
  const count = Math.min(institutionsMax * environmentsEach, Math.max(1, Math.ceil(agents / 18)))
  return Array.from({ length: count }, (_, i) => ({
    institution: `institution-${(i % institutionsMax) + 1}`,
    environment: `environment-${Math.floor(i / institutionsMax) + 1}`,
  }))
}

/** The register that names these environments, as YAML. */
export function loadRegister(places: readonly LoadPlace[]): string {
  const institutions = [...Map.groupBy(places, ({ institution }) => institution)]
  const blocks = institutions.map(([id, environments]) => {
    const head = `  - id: ${id}\n    kind: institution\n    name: { ar: مؤسسة, en: ${id} }`
    return `${head}\n    environments:\n${environments.map(environmentYaml).join('\n')}`
  })
  const names = institutions.map(([id]) => id).join(', ')
  return `apiVersion: istimrar.register/v1
institutions:
${blocks.join('\n')}
populations: { continuity: [${names}], enabled: [], readiness: [] }
`
}

function environmentYaml({ environment }: LoadPlace): string {
  return `      - id: ${environment}
        name: { ar: بيئة, en: ${environment} }
        class: internal
        criticality: critical
        hosting: { provider: own }`
}

function numbered(name: string, kind: CheckDefinition['kind'], count: number) {
  return Array.from({ length: count }, (_, i) => ({ check: `${name}-${i + 1}`, kind }))
}
