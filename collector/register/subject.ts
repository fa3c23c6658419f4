import { type PopulationName, populationNames } from './names.ts'

/** What an entry about the register or the policy speaks of. */
export type Subject =
  | { readonly about: 'institution'; readonly institution: string }
  | { readonly about: 'environment'; readonly institution: string; readonly environment: string }
  | {
      readonly about: 'member'
      readonly population: PopulationName
      readonly institution: string
    }
  | { readonly about: 'setting'; readonly name: string }

/** The `what` of an entry about the subject. */
export function formatSubject(subject: Subject): string {
  switch (subject.about) {
    case 'institution':
      return `institution/${subject.institution}`
    case 'environment':
      return `institution/${subject.institution}/environment/${subject.environment}`
    case 'member':
      return `population/${subject.population}/${subject.institution}`
    case 'setting':
      return `policy/${subject.name}`
  }
}

/** The subject of an entry, or null when it is about something else. */
export function parseSubject(what: string): Subject | null {
  const [family, first = '', second, third, ...rest] = what.split('/')
  if (first === '' || rest.length > 0) return null
  if (family === 'institution' && second === undefined) {
    return { about: 'institution', institution: first }
  }
  if (family === 'institution' && second === 'environment' && third) {
    return { about: 'environment', institution: first, environment: third }
  }
  const population = populationNames.find((name) => name === first)
  if (family === 'population' && population && second && third === undefined) {
    return { about: 'member', population, institution: second }
  }
  if (family === 'policy' && second === undefined) return { about: 'setting', name: first }
  return null
}
