ALTER USER "{{user}}" SET
  {{defaults}};

-- The key is not in this script. Create the key pair and store the private key with
--   npx snowgate keypair --stage {{stage}}
-- which also prints the statement for the public key:
--   ALTER USER "{{user}}" SET RSA_PUBLIC_KEY = '<its PEM without the first and the last line>';
--
-- To replace the key: the same command with --rotate. Manually, with both keys valid during the rotation:
--   1. ALTER USER "{{user}}" SET RSA_PUBLIC_KEY_2 = '<the new public key>';
--   2. replace the private key in {{privateKey}}. Encrypt it with the same passphrase, because {{passphrase}}
--      cannot be replaced at the same time;
--   3. wait 15 minutes: functions may use the cached key for this long;
--   4. ALTER USER "{{user}}" UNSET RSA_PUBLIC_KEY;
-- For the next rotation, swap the two: set RSA_PUBLIC_KEY first, and unset RSA_PUBLIC_KEY_2 last.

-- Show the result. RSA_PUBLIC_KEY_FP and RSA_PUBLIC_KEY_2_FP are the fingerprints of the keys.
DESC USER "{{user}}";
SHOW GRANTS TO USER "{{user}}";
