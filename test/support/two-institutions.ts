import { writeFileSync } from 'node:fs'

/** Writes a register of two institutions, each with one environment `portal`; answers its file. */
export function twoInstitutions(folder: string): string {
  const file = `${folder}/register.yaml`
  const bodies = [
    ['health', 'الصحة'],
    ['roads', 'الطرق'],
  ].map(
    ([id, ar]) => `  - id: ${id}
    kind: institution
    name: { ar: ${ar}, en: ${id} }
    environments:
      - id: portal
        name: { ar: بوابة ${ar}, en: ${id} portal }
        class: public
        criticality: critical`,
  )
  writeFileSync(
    file,
    `apiVersion: istimrar.register/v1
institutions:
${bodies.join('\n')}
populations: { continuity: [health, roads], enabled: [], readiness: [] }
`,
  )
  return file
}
