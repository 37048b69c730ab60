import type { Cause } from './cause.ts'

/** Causes with key pairs: the private key in Parameter Store, and the public key of the Snowflake user. */
export const keyPairCauses = {
  'parameter-missing': {
    what: 'The parameter with the private key or its passphrase does not exist in this region.',
    tell: 'aws ssm get-parameter --name <parameter> --region <region> finds none.',
    mend: 'aws ssm put-parameter --type SecureString --name <parameter> --value file://rsa_key.p8 --region <region>',
  },
  'parameter-name-wrong': {
    what: 'The parameter name is invalid, or the parameter has no such version.',
    tell: 'aws ssm get-parameter-history --name <parameter> shows the versions.',
    mend: 'Correct privateKey: or passphrase: under snowflake in access.yml, such as /snowgate/<stage>/snowflake/private-key, then npx snowgate deploy --stage <stage>.',
  },
  'parameter-denied': {
    what: 'The role is not allowed to read the parameter.',
    tell: 'The error names ssm:GetParameter and the parameter.',
    mend: 'Name the parameter under snowflake in access.yml, then npx snowgate deploy --stage <stage>. For a role of your own: aws iam put-role-policy --role-name <role> --policy-name read-key --policy-document \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"arn:<partition>:ssm:<region>:<account>:parameter/<parameter>"}]}\'',
  },
  'parameter-key-denied': {
    what: 'The role is allowed to read the parameter but not to decrypt it.',
    tell: 'The error mentions KMS or a ciphertext. aws ssm describe-parameters --parameter-filters Key=Name,Values=<parameter> shows the KeyId.',
    mend: 'kmsKeyArn: the ARN of that key, under snowflake in access.yml, then npx snowgate deploy --stage <stage>; the policy of a key in another account must allow the role kms:Decrypt as well.',
  },
  'parameter-key-disabled': {
    what: 'The key that the parameter is encrypted with is disabled, or was deleted.',
    tell: 'aws kms describe-key --key-id <key> --query KeyMetadata.KeyState is not Enabled.',
    mend: 'aws kms enable-key --key-id <key>, or store the parameter again with another key.',
  },
  'private-key-missing': {
    what: 'The driver has no private key.',
    tell: 'The variable or option for the key is empty, or the file does not exist.',
    mend: 'Set privateKey or privateKeyPath; in an ECS task, set SECRET_KEY from the container’s secrets.',
  },
  'private-key-damaged': {
    what: 'The private key text is truncated, changed, or not a private key.',
    tell: 'aws ssm get-parameter --with-decryption --name <parameter> --query Parameter.Value --output text | openssl pkey -noout does not read it.',
    mend: 'aws ssm put-parameter --overwrite --type SecureString --name <parameter> --value file://rsa_key.p8',
  },
  'private-key-newlines-lost': {
    what: 'The private key has lost its line breaks, or has \\n instead.',
    tell: 'The value is a single line: aws ssm get-parameter --with-decryption --name <parameter> --query Parameter.Value --output text | wc -l prints 1.',
    mend: 'Store the unmodified file: aws ssm put-parameter --overwrite --type SecureString --name <parameter> --value file://rsa_key.p8',
  },
  'passphrase-missing': {
    what: 'The private key is encrypted, and the passphrase is missing.',
    tell: 'Its first line is -----BEGIN ENCRYPTED PRIVATE KEY-----, and the parameter of the passphrase, or PRIVATE_KEY_PASSPHRASE, is empty.',
    mend: 'passphrase: under snowflake in access.yml names its parameter, /snowgate/<stage>/snowflake/passphrase by default. Store the passphrase there as SecureString, then deploy.',
  },
  'passphrase-wrong': {
    what: 'The passphrase does not belong to the private key.',
    tell: 'openssl pkey -in rsa_key.p8 -noout rejects the passphrase. A trailing line break makes it a different passphrase.',
    mend: "tr -d '\\n' < passphrase.txt > bare.txt; aws ssm put-parameter --overwrite --type SecureString --name /snowgate/<stage>/snowflake/passphrase --value file://bare.txt",
  },
  'public-key-missing': {
    what: 'The Snowflake user has no public key.',
    tell: 'DESC USER <user> shows RSA_PUBLIC_KEY_FP null.',
    mend: "openssl pkey -in rsa_key.p8 -pubout | grep -v -- ----- | tr -d '\\n' prints it; ALTER USER <user> SET RSA_PUBLIC_KEY = '<key>'",
  },
  'key-rotated': {
    what: 'The private key that signs does not match a public key of the Snowflake user.',
    tell: 'openssl pkey -in rsa_key.p8 -pubout -outform DER | openssl dgst -sha256 -binary | openssl base64 is neither RSA_PUBLIC_KEY_FP nor RSA_PUBLIC_KEY_2_FP of DESC USER <user>, after their SHA256:.',
    mend: "Store the private key in use, or register its public key as the second key: ALTER USER <user> SET RSA_PUBLIC_KEY_2 = '<key>'",
  },
  'jwt-account-mismatch': {
    what: 'The key-pair token names another account than the login.',
    tell: 'account in the driver options is not the first part of the host. The driver ignores everything after a dot.',
    mend: 'Pass only account, <organisation>-<name>, to the driver, without a host of another account; under snowflake in access.yml: account: <organisation>-<name>.',
  },
  'user-name-not-login-name': {
    what: 'The token does not use the user’s LOGIN_NAME, or the user does not exist.',
    tell: 'DESC USER <user> shows LOGIN_NAME, which the token must use.',
    mend: 'user: the LOGIN_NAME, under snowflake in access.yml, then npx snowgate deploy --stage <stage>; or CREATE USER <user> TYPE = SERVICE.',
  },
  'jwt-malformed': {
    what: 'Snowflake rejects the key-pair token because of its claims, its algorithm or its signature.',
    tell: 'The official drivers create valid tokens. Your own program needs iss = ACCOUNT.USER.SHA256:fingerprint, sub = ACCOUNT.USER, both in capitals, iat, exp an hour later at most, and RS256.',
    mend: 'Let the driver create the token, or correct what SYSTEM$GET_LOGIN_FAILURE_DETAILS names.',
  },
} as const satisfies Record<string, Cause>
