import type { Cause } from './cause.ts'

/** Causes with key pairs: the private key in Parameter Store, and the public key of the Snowflake user. */
export const keyPairCauses = {
  'parameter-missing': {
    summary: 'The parameter with the private key or its passphrase does not exist in this region.',
    howToTell: 'aws ssm get-parameter --name <parameter> --region <region> finds none.',
    fix: 'aws ssm put-parameter --type SecureString --name <parameter> --value file://rsa_key.p8 --region <region>',
  },
  'parameter-name-wrong': {
    summary: 'The parameter name is invalid, or the parameter has no such version.',
    howToTell: 'aws ssm get-parameter-history --name <parameter> shows the versions.',
    fix: 'Correct privateKey: or passphrase: under snowflake in access.yml, such as /snowgate/<stage>/snowflake/private-key, then npx snowgate deploy --stage <stage>.',
  },
  'parameter-denied': {
    summary: 'The role is not allowed to read the parameter.',
    howToTell: 'The error names ssm:GetParameter and the parameter.',
    fix: 'Name the parameter under snowflake in access.yml, then npx snowgate deploy --stage <stage>. For a role of your own: aws iam put-role-policy --role-name <role> --policy-name read-key --policy-document \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"arn:<partition>:ssm:<region>:<account>:parameter/<parameter>"}]}\'',
  },
  'parameter-key-denied': {
    summary: 'The role is allowed to read the parameter but not to decrypt it.',
    howToTell:
      'The error mentions KMS or a ciphertext. aws ssm describe-parameters --parameter-filters Key=Name,Values=<parameter> shows the KeyId.',
    fix: 'kmsKeyArn: the ARN of that key, under snowflake in access.yml, then npx snowgate deploy --stage <stage>; the policy of a key in another account must allow the role kms:Decrypt as well.',
  },
  'parameter-key-disabled': {
    summary: 'The key that the parameter is encrypted with is disabled, or was deleted.',
    howToTell: 'aws kms describe-key --key-id <key> --query KeyMetadata.KeyState is not Enabled.',
    fix: 'aws kms enable-key --key-id <key>, or store the parameter again with another key.',
  },
  'private-key-missing': {
    summary: 'The driver has no private key.',
    howToTell: 'The variable or option for the key is empty, or the file does not exist.',
    fix: 'Set privateKey or privateKeyPath; in an ECS task, set SECRET_KEY from the container’s secrets.',
  },
  'private-key-damaged': {
    summary: 'The private key text is truncated, changed, or not a private key.',
    howToTell:
      'aws ssm get-parameter --with-decryption --name <parameter> --query Parameter.Value --output text | openssl pkey -noout does not read it.',
    fix: 'aws ssm put-parameter --overwrite --type SecureString --name <parameter> --value file://rsa_key.p8',
  },
  'private-key-newlines-lost': {
    summary: 'The private key has lost its line breaks, or has \\n instead.',
    howToTell:
      'The value is a single line: aws ssm get-parameter --with-decryption --name <parameter> --query Parameter.Value --output text | wc -l prints 1.',
    fix: 'Store the unmodified file: aws ssm put-parameter --overwrite --type SecureString --name <parameter> --value file://rsa_key.p8',
  },
  'passphrase-missing': {
    summary: 'The private key is encrypted, and the passphrase is missing.',
    howToTell:
      'Its first line is -----BEGIN ENCRYPTED PRIVATE KEY-----, and the parameter of the passphrase, or PRIVATE_KEY_PASSPHRASE, is empty.',
    fix: 'passphrase: under snowflake in access.yml names its parameter, /snowgate/<stage>/snowflake/passphrase by default. Store the passphrase there as SecureString, then deploy.',
  },
  'passphrase-wrong': {
    summary: 'The passphrase does not belong to the private key.',
    howToTell:
      'openssl pkey -in rsa_key.p8 -noout rejects the passphrase. A trailing line break makes it a different passphrase.',
    fix: "tr -d '\\n' < passphrase.txt > bare.txt; aws ssm put-parameter --overwrite --type SecureString --name /snowgate/<stage>/snowflake/passphrase --value file://bare.txt",
  },
  'public-key-missing': {
    summary: 'The Snowflake user has no public key.',
    howToTell: 'DESC USER <user> shows RSA_PUBLIC_KEY_FP null.',
    fix: "openssl pkey -in rsa_key.p8 -pubout | grep -v -- ----- | tr -d '\\n' prints it; ALTER USER <user> SET RSA_PUBLIC_KEY = '<key>'",
  },
  'key-rotated': {
    summary: 'The private key that signs does not match a public key of the Snowflake user.',
    howToTell:
      'openssl pkey -in rsa_key.p8 -pubout -outform DER | openssl dgst -sha256 -binary | openssl base64 is neither RSA_PUBLIC_KEY_FP nor RSA_PUBLIC_KEY_2_FP of DESC USER <user>, after their SHA256:.',
    fix: "Store the private key in use, or register its public key as the second key: ALTER USER <user> SET RSA_PUBLIC_KEY_2 = '<key>'",
  },
  'jwt-account-mismatch': {
    summary: 'The key-pair token names another account than the login.',
    howToTell:
      'account in the driver options is not the first part of the host. The driver ignores everything after a dot.',
    fix: 'Pass only account, <organisation>-<name>, to the driver, without a host of another account; under snowflake in access.yml: account: <organisation>-<name>.',
  },
  'user-name-not-login-name': {
    summary: 'The token does not use the user’s LOGIN_NAME, or the user does not exist.',
    howToTell: 'DESC USER <user> shows LOGIN_NAME, which the token must use.',
    fix: 'user: the LOGIN_NAME, under snowflake in access.yml, then npx snowgate deploy --stage <stage>; or CREATE USER <user> TYPE = SERVICE.',
  },
  'jwt-malformed': {
    summary: 'Snowflake rejects the key-pair token because of its claims, its algorithm or its signature.',
    howToTell:
      'The official drivers create valid tokens. Your own program needs iss = ACCOUNT.USER.SHA256:fingerprint, sub = ACCOUNT.USER, both in capitals, iat, exp an hour later at most, and RS256.',
    fix: 'Let the driver create the token, or correct what SYSTEM$GET_LOGIN_FAILURE_DETAILS names.',
  },
} as const satisfies Record<string, Cause>
