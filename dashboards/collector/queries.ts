import { collector, job, quantile, rate } from '../queries.ts'

const own = 'istimrar_collector'
const answers = (more = '') => `${own}_request_duration_seconds_count{${job}${more}}`

/** The collector's own metrics, beside those that the overview shows. */
export const internals = {
  ...collector,
  held: `istimrar_publish_held{${job}}`,
  version: `istimrar_build_info{${job}}`,
  started: `${own}_process_start_time_seconds{${job}} * 1000`,
  clockSteps: `increase(${own}_clock_steps_total{${job}}${rate})`,
  requestsByRoute: `sum by (method, route) (rate(${answers()}${rate}))`,
  requestsByStatus: `sum by (status) (rate(${answers()}${rate}))`,
  // 0 and not nothing while no answer has failed.
  failures: `sum(rate(${answers(',status=~"5.."')}${rate})) or 0 * sum(rate(${answers()}${rate}))`,
  slowByRoute:
    'histogram_quantile(0.95, sum by (le, method, route) ' +
    `(rate(${own}_request_duration_seconds_bucket{${job}}${rate})))`,
  refusals: `sum by (code) (rate(${own}_refusals_total{${job}}${rate}))`,
  commits: `rate(${own}_commit_duration_seconds_count{${job}}${rate})`,
  perCommit: quantile('commit_messages'),
  heap: `${own}_nodejs_heap_size_used_bytes{${job}}`,
  openFiles: `${own}_process_open_fds{${job}}`,
  backup: `istimrar_backup_timestamp_seconds{${job}} * 1000`,
  databaseBytes: `istimrar_store_database_bytes{${job}}`,
  walBytes: `istimrar_store_wal_bytes{${job}}`,
  diskBytes: `istimrar_store_disk_bytes{${job}}`,
  diskFreeBytes: `istimrar_store_disk_free_bytes{${job}}`,
  failuresOf: (kind: 'passing' | 'lasting') =>
    `increase(istimrar_store_failures_total{${job},kind="${kind}"}${rate})`,
  waiting: `${own}_waiting_messages{${job}}`,
  leaves: `max by (log) (istimrar_evidence_leaves{${job}})`,
  signedLeaves: `max by (log) (istimrar_evidence_checkpoint_leaves{${job}})`,
  signedAt: `max by (log) (istimrar_evidence_checkpoint_timestamp_seconds{${job}}) * 1000`,
  openFilesMax: `${own}_process_max_fds{${job}}`,
} as const
