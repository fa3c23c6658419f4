-- What readiness is computed from as it was on earlier days, 100 days of each agent. Derived from
-- batches; rows are of the time since this version.

-- The newest fact of each UTC day. A day's rows of an agent lie side by side, as they are written.
CREATE TABLE fact_day (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  agent       TEXT NOT NULL,
  day         INTEGER NOT NULL,
  indicator   TEXT NOT NULL,
  at          INTEGER NOT NULL,
  value       TEXT NOT NULL,
  method      TEXT,
  missing     TEXT,
  detail      TEXT,
  PRIMARY KEY (institution, environment, agent, day, indicator)
) STRICT, WITHOUT ROWID;

-- The times that checks took on a UTC day. JSON: merged histograms by indicator.
CREATE TABLE value_day (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  agent       TEXT NOT NULL,
  day         INTEGER NOT NULL,
  histograms  TEXT NOT NULL,
  PRIMARY KEY (institution, environment, agent, day)
) STRICT, WITHOUT ROWID;

-- Rise with news, so that readers know what to read again: facts, and values of days that are over.
CREATE TABLE fact_mark (
  institution TEXT NOT NULL,
  environment TEXT NOT NULL,
  facts       INTEGER NOT NULL,
  vals        INTEGER NOT NULL,
  PRIMARY KEY (institution, environment)
) STRICT, WITHOUT ROWID;
