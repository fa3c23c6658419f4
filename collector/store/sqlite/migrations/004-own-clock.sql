-- The collector's own clock when one last noted it: at most one row. What was anchored on it rests
-- on it, so that a start can tell whether it was set meanwhile.
CREATE TABLE own_clock (
  -- The kernel's name for the machine's boot; null where it has none.
  boot      TEXT,
  booted_at INTEGER NOT NULL
) STRICT;
