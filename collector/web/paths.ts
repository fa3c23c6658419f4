import type { Language } from './language.ts'

/** The parts of an address, escaped and joined. */
function path(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`
}

/** Where each page lives. */
export const paths = {
  nation: (language: Language) => path(language),
  /** One's own account, and all accounts for admins. */
  account: (language: Language) => path(language, 'account'),
  accounts: (language: Language) => path(language, 'accounts'),
  /** Everybody's own, by role. */
  home: (language: Language) => path(language, 'home'),
  cycles: (language: Language) => path(language, 'cycles'),
  register: (language: Language) => path(language, 'register'),
  policy: (language: Language) => path(language, 'policy'),
  exports: (language: Language) => path(language, 'exports'),
  inbox: (language: Language) => path(language, 'inbox'),
  log: (language: Language) => path(language, 'log'),
  /** All readiness models, and one version of one. */
  models: (language: Language) => path(language, 'models'),
  model: (language: Language, { id, version }: { readonly id: string; readonly version: string }) =>
    path(language, 'models', id, version),
  /** The programme's figures, and where they are imported. */
  programme: (language: Language) => path(language, 'programme'),
  programmeImport: (language: Language) => path(language, 'programme', 'import'),
  /** Where official results are imported; of one cycle, or of the newest that has some. */
  official: (language: Language, cycle?: string) =>
    path(language, 'official') + (cycle === undefined ? '' : `?cycle=${cycle}`),
  /** The trend of an institution, or of the nation (null). */
  trend: (language: Language, institution: string | null) =>
    institution === null
      ? path(language, 'readiness', 'trend')
      : path(language, 'institutions', institution, 'readiness', 'trend'),
  declarations: (language: Language) => path(language, 'declarations'),
  declared: (language: Language, institution: string) =>
    path(language, 'institutions', institution, 'declarations'),
  institution: (language: Language, institution: string) =>
    path(language, 'institutions', institution),
  agents: (language: Language, institution: string) =>
    path(language, 'institutions', institution, 'agents'),
  readiness: (language: Language) => path(language, 'readiness'),
  institutionReadiness: (language: Language, institution: string) =>
    path(language, 'institutions', institution, 'readiness'),
  /** The migration of the nation, or of an institution. */
  migration: (language: Language, institution: string | null) =>
    institution === null
      ? path(language, 'migration')
      : path(language, 'institutions', institution, 'migration'),
  /** Where workloads are registered, imported, and where the roadmap is approved. */
  migrationActs: (
    language: Language,
    institution: string,
    acts: 'workloads' | 'import' | 'roadmap',
  ) => path(language, 'institutions', institution, 'migration', acts),
  environment: (language: Language, institution: string, environment: string) =>
    path(language, 'institutions', institution, 'environments', environment),
  lost: (language: Language, institution: string, environment: string) =>
    path(language, 'institutions', institution, 'environments', environment, 'lost'),
  /** `check` is `<agent name>/<check>`, as the snapshot has it. */
  check: (language: Language, institution: string, environment: string, check: string) => {
    const place = ['institutions', institution, 'environments', environment, 'checks']
    return path(language, ...place, ...check.split('/'))
  },
}
