-- How a fact was measured, or why it has no value (which is null then). Null: told by an agent of
-- before, or of a check's values.
ALTER TABLE fact ADD COLUMN method TEXT;
ALTER TABLE fact ADD COLUMN missing TEXT;
