ALTER USER "{{user}}" SET
  {{defaults}};

-- The key is not in this script. Make the pair, and store the private half, with
--   npx snowgate keypair --stage {{stage}}
-- which also gives the statement for the public half:
--   ALTER USER "{{user}}" SET RSA_PUBLIC_KEY = '<its PEM without the first and the last line>';
--
-- To replace the key: the same command with --rotate. By hand, with both valid in between:
--   1. ALTER USER "{{user}}" SET RSA_PUBLIC_KEY_2 = '<the new public half>';
--   2. put the new private half, under the same passphrase, in the place of the old one: {{privateKey}} and
--      {{passphrase}} cannot be replaced at once;
--   3. wait a quarter of an hour: so long a function may go on with what it has read;
--   4. ALTER USER "{{user}}" UNSET RSA_PUBLIC_KEY;
-- The time after that it is the other way round: RSA_PUBLIC_KEY is set first, and RSA_PUBLIC_KEY_2 is taken away last.

-- What is set. RSA_PUBLIC_KEY_FP and RSA_PUBLIC_KEY_2_FP are the fingerprints of the keys.
DESC USER "{{user}}";
SHOW GRANTS TO USER "{{user}}";
