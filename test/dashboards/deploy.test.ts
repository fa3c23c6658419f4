import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const read = (path: string) => parse(readFileSync(path, 'utf8'))

test('Grafana is provisioned with the data source and folder that the dashboards expect', () => {
  const { datasources } = read('deploy/grafana/provisioning/datasources/istimrar.yaml')
  const { scrape_configs, global } = read('deploy/prometheus/prometheus.yml')
  expect(datasources).toEqual([
    expect.objectContaining({
      uid: 'istimrar',
      type: 'prometheus',
      access: 'proxy',
      jsonData: { timeInterval: global.scrape_interval, httpMethod: 'POST' },
    }),
  ])
  const { providers } = read('deploy/grafana/provisioning/dashboards/istimrar.yaml')
  // A folder a language, as `npm run generate` writes them.
  expect(providers).toEqual(
    ['ar', 'en'].map((language) =>
      expect.objectContaining({
        name: `istimrar-${language}`,
        folderUid: `istimrar-${language}`,
        type: 'file',
        allowUiUpdates: false,
        options: { path: `/var/lib/grafana/dashboards/istimrar/${language}` },
      }),
    ),
  )
  // The job of the alerts that ask for `up`.
  expect(scrape_configs).toEqual([expect.objectContaining({ job_name: 'istimrar' })])
})
