import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { WorkloadsFile } from '../../../collector/migration/workload-schema.ts'
import { ProgrammeFile } from '../../../collector/official/programme-schema.ts'
import { editorSchema } from '../../../collector/register/editor-schema.ts'
import { PolicyFile, Settings } from '../../../collector/register/policy-schema.ts'
import { readRegister } from '../../../collector/register/register.ts'
import { RegisterFile } from '../../../collector/register/register-schema.ts'

const files = [
  ['register', RegisterFile],
  ['policy', PolicyFile],
] as const

test.each(files)('%s.schema.json is what the schema in the code gives', (name, schema) => {
  const text = readFileSync(`collector/register/${name}.schema.json`, 'utf8')
  expect(text).toBe(editorSchema(schema, `${name}.yaml`))
})

test.each(files)('every setting of %s.yaml is described', (name, schema) => {
  expect(undescribedIn(editorSchema(schema, name))).toEqual([])
})

function undescribedIn(text: string): string[] {
  const undescribed: string[] = []
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') {
        for (const [setting, content] of Object.entries(value as Record<string, object>)) {
          if (!('description' in content)) undescribed.push(`${path}/${setting}`)
        }
      }
      visit(value, `${path}/${key}`)
    }
  }
  visit(JSON.parse(text), '')
  return undescribed
}

test.each(files)('the example of %s.yaml names its schema', (name) => {
  const [line] = readFileSync(`deploy/examples/${name}.yaml`, 'utf8').split('\n')
  const path = `../../collector/register/${name}.schema.json`
  expect(line).toBe(`# yaml-language-server: $schema=${path}`)
})

test('programme.yaml has its schema, with every setting described', () => {
  const text = readFileSync('collector/official/programme.schema.json', 'utf8')
  expect(text).toBe(editorSchema(ProgrammeFile, 'programme.yaml'))
  const [line] = readFileSync('deploy/examples/programme.yaml', 'utf8').split('\n')
  const path = '../../collector/official/programme.schema.json'
  expect(line).toBe(`# yaml-language-server: $schema=${path}`)
  expect(undescribedIn(text)).toEqual([])
})

test('workloads.yaml has its schema, with every setting described', () => {
  const text = readFileSync('collector/migration/workloads.schema.json', 'utf8')
  expect(text).toBe(editorSchema(WorkloadsFile, 'workloads.yaml'))
  const [line] = readFileSync('deploy/examples/workloads.yaml', 'utf8').split('\n')
  const path = '../../collector/migration/workloads.schema.json'
  expect(line).toBe(`# yaml-language-server: $schema=${path}`)
  expect(undescribedIn(text)).toEqual([])
})

test('references are pointers into one list of definitions', () => {
  const text = editorSchema(RegisterFile, 'register.yaml')
  const { definitions } = JSON.parse(text) as { definitions: Record<string, unknown> }
  const references = [...text.matchAll(/"\$ref": "#\/definitions\/(.*)"/g)].map(([, name]) => name)
  expect(references.length).toBeGreaterThan(0)
  expect(references.every((name) => name !== undefined && name in definitions)).toBe(true)
  expect(text).not.toMatch(/\$id|\$defs/)
})

test('docs/register.md shows a register that is accepted, and names every setting', () => {
  const text = readFileSync('docs/register.md', 'utf8')
  const [, yaml = ''] = text.match(/```yaml\n(.*?)```/s) ?? []
  expect(readRegister(yaml, 'docs/register.md').institutions).toHaveLength(1)
  const named = [...text.matchAll(/^\| `([a-zA-Z]+)` \|/gm)].map(([, name]) => name)
  expect(named.sort()).toEqual(Object.keys(Settings.properties).sort())
})
