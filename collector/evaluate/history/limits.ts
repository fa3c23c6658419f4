/** What one question of Prometheus may ask for; see docs/prometheus-and-grafana.md. */
export const historyLimits = {
  /** Body as it is sent, and uncompressed. */
  bodyBytesMax: 64 * 1024,
  requestBytesMax: 256 * 1024,
  /** Queries of one request, matchers of one query, and characters of a name or a value. */
  queriesMax: 4,
  matchersMax: 32,
  textCharactersMax: 4_000,
  /** Instants of one query: as many as Prometheus itself evaluates. */
  instantsMax: 11_000,
  seriesMax: 10_000,
  samplesMax: 500_000,
  /** Windows of environments that are looked up: so many take some 20 seconds of a core. */
  lookupsMax: 1_000_000,
  /** Questions that wait for their turn. */
  waitingMax: 32,
} as const
