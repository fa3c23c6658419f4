import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ModelInFile } from '../collector/model/model-schema.ts'
import { editorSchema } from '../collector/register/editor-schema.ts'
import { PolicyFile } from '../collector/register/policy-schema.ts'
import { RegisterFile } from '../collector/register/register-schema.ts'
import { dashboardFiles } from './generate.ts'

// `npm run generate`: writes every file of the repository that is made from code.

const files = [
  ...dashboardFiles(),
  {
    path: 'collector/register/register.schema.json',
    text: editorSchema(RegisterFile, 'register.yaml'),
  },
  {
    path: 'collector/register/policy.schema.json',
    text: editorSchema(PolicyFile, 'policy.yaml'),
  },
  {
    path: 'collector/model/model.schema.json',
    text: editorSchema(ModelInFile, 'readiness model'),
  },
]

for (const { path, text } of files) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  console.log(path)
}
