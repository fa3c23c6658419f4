/** Units of performance data, in base units: seconds, ratio, bytes, count. */
const units: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  ns: 1e-9,
  '%': 1e-2,
  c: 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

/**
 * The number under a label in the performance data of a Nagios-compatible check, in base units.
 * Null when there is none: the label is missing, its value is `U` (could not be measured), or its
 * unit is not known. Source: the Monitoring Plugins guidelines, performance data:
 * `'label'=value[unit];[warn];[crit];[min];[max]`, in what follows the first `|` of the first line
 * and the first `|` of the lines after it.
 */
export function perfdataValue(output: string, label: string): number | null {
  for (const [name, value, unit] of readPerfdata(perfdataIn(output))) {
    if (name !== label) continue
    const factor = Object.hasOwn(units, unit) ? units[unit] : undefined
    const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN
    return factor !== undefined && Number.isFinite(number) ? number * factor : null
  }
  return null
}

function perfdataIn(output: string): string {
  const [first = '', ...more] = output.split('\n')
  const rest = more.join('\n')
  const after = (text: string) => (text.includes('|') ? text.slice(text.indexOf('|') + 1) : '')
  return `${after(first)} ${after(rest)}`
}

/** Label, value and unit of each entry, in order. What is malformed ends the reading. */
function* readPerfdata(text: string): Generator<[label: string, value: string, unit: string]> {
  const entry = /\s*(?:'((?:[^']|'')+)'|([^\s='][^\s=']*))=([-+.\dUeE]+|)([^\s;]*)(?:;\S*)?/y
  for (let match = entry.exec(text); match; match = entry.exec(text)) {
    const [, quoted, plain = '', value = '', unit = ''] = match
    yield [quoted?.replaceAll("''", "'") ?? plain, value, unit]
  }
}
