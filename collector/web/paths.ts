import type { Language } from './language.ts'

/** The parts of an address, escaped and joined. */
function path(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`
}

/** Where each page lives. */
export const paths = {
  nation: (language: Language) => path(language),
  cycles: (language: Language) => path(language, 'cycles'),
  programme: (language: Language) => path(language, 'programme'),
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
  readiness: (language: Language) => path(language, 'readiness'),
  institutionReadiness: (language: Language, institution: string) =>
    path(language, 'institutions', institution, 'readiness'),
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
