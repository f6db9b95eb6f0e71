-- What the user's rules made of an outcome, besides their message: ok, warn or fail; and which of them
-- could not be evaluated, and why.
ALTER TABLE exchange ADD COLUMN level TEXT;
ALTER TABLE exchange ADD COLUMN rule_problem TEXT;
-- What this very exchange says, in the one sentence that stands in its row.
ALTER TABLE exchange ADD COLUMN evidence TEXT;
