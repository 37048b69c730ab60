import type { Cause } from './cause.ts'

/** Key pairs: the private key on its way from Parameter Store, and the public one on the Snowflake user. */
export const keyPairCauses = {
  'parameter-missing': {
    what: 'The parameter with the private key or its passphrase is not there, or not in this region.',
    tell: 'aws ssm get-parameter --name <parameter> --region <region> finds none.',
    mend: 'aws ssm put-parameter --type SecureString --name <parameter> --value file://rsa_key.p8 --region <region>',
  },
  'parameter-name-wrong': {
    what: 'The name of the parameter is none that Parameter Store takes, or it has no such version.',
    tell: 'aws ssm get-parameter-history --name <parameter> shows the versions.',
    mend: 'Correct privateKey: or passphrase: under snowflake in access.yml, such as /snowgate/<stage>/snowflake/private-key, then npx snowgate deploy --stage <stage>.',
  },
  'parameter-denied': {
    what: 'The role may not read the parameter.',
    tell: 'The refusal names ssm:GetParameter and the parameter.',
    mend: 'Name the parameter under snowflake in access.yml, then npx snowgate deploy --stage <stage>. For a role of your own: aws iam put-role-policy --role-name <role> --policy-name read-key --policy-document \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"arn:<partition>:ssm:<region>:<account>:parameter/<parameter>"}]}\'',
  },
  'parameter-key-denied': {
    what: 'The role may read the parameter and not decrypt it.',
    tell: 'The refusal speaks of KMS or of a ciphertext; aws ssm describe-parameters --parameter-filters Key=Name,Values=<parameter> shows the KeyId.',
    mend: 'kmsKeyArn: the ARN of that key, under snowflake in access.yml, then npx snowgate deploy --stage <stage>; the policy of a key in another account must allow the role kms:Decrypt as well.',
  },
  'parameter-key-disabled': {
    what: 'The key that the parameter is encrypted with is disabled, or was deleted.',
    tell: 'aws kms describe-key --key-id <key> --query KeyMetadata.KeyState is not Enabled.',
    mend: 'aws kms enable-key --key-id <key>, or store the parameter again with another key.',
  },
  'private-key-missing': {
    what: 'The driver got no private key at all.',
    tell: 'The variable or option that should hold it is empty, or the file is not there.',
    mend: 'Give privateKey, or privateKeyPath; in a task, let the secrets of the container set SECRET_KEY.',
  },
  'private-key-damaged': {
    what: 'The text that should be the private key is cut, changed, or something else.',
    tell: 'aws ssm get-parameter --with-decryption --name <parameter> --query Parameter.Value --output text | openssl pkey -noout does not read it.',
    mend: 'aws ssm put-parameter --overwrite --type SecureString --name <parameter> --value file://rsa_key.p8',
  },
  'private-key-newlines-lost': {
    what: 'The line breaks of the private key are gone, or written as \\n.',
    tell: 'The value is a single line: aws ssm get-parameter --with-decryption --name <parameter> --query Parameter.Value --output text | wc -l prints 1.',
    mend: 'Store the file as it is: aws ssm put-parameter --overwrite --type SecureString --name <parameter> --value file://rsa_key.p8',
  },
  'passphrase-missing': {
    what: 'The private key is encrypted, and there is no passphrase.',
    tell: 'Its first line is -----BEGIN ENCRYPTED PRIVATE KEY-----, and the parameter of the passphrase, or PRIVATE_KEY_PASSPHRASE, is empty.',
    mend: 'passphrase: under snowflake in access.yml names its parameter, /snowgate/<stage>/snowflake/passphrase unless said otherwise; store it there as SecureString, and deploy.',
  },
  'passphrase-wrong': {
    what: 'The passphrase is not that of the private key.',
    tell: 'openssl pkey -in rsa_key.p8 -noout, given the passphrase, refuses it. One with a line break at its end is another.',
    mend: "tr -d '\\n' < passphrase.txt > bare.txt; aws ssm put-parameter --overwrite --type SecureString --name /snowgate/<stage>/snowflake/passphrase --value file://bare.txt",
  },
  'public-key-missing': {
    what: 'The Snowflake user has no public key.',
    tell: 'DESC USER <user> shows RSA_PUBLIC_KEY_FP null.',
    mend: "openssl pkey -in rsa_key.p8 -pubout | grep -v -- ----- | tr -d '\\n' prints it; ALTER USER <user> SET RSA_PUBLIC_KEY = '<key>'",
  },
  'key-rotated': {
    what: 'The public keys of the Snowflake user belong to other private keys than the one that signs.',
    tell: 'openssl pkey -in rsa_key.p8 -pubout -outform DER | openssl dgst -sha256 -binary | openssl base64 is neither RSA_PUBLIC_KEY_FP nor RSA_PUBLIC_KEY_2_FP of DESC USER <user>, after their SHA256:.',
    mend: "Store the private key in use, or register its public one beside the old: ALTER USER <user> SET RSA_PUBLIC_KEY_2 = '<key>'",
  },
  'jwt-account-mismatch': {
    what: 'The token of the key pair names another account than the one that is logged in to.',
    tell: 'account in the options of the driver is not the first part of its host; a dot in it cuts it short.',
    mend: 'Give the driver account alone, <organisation>-<name>, and no host of another; under snowflake in access.yml: account: <organisation>-<name>.',
  },
  'user-name-not-login-name': {
    what: 'The token names the user by another name than its LOGIN_NAME, or there is no such user.',
    tell: 'DESC USER <user> shows LOGIN_NAME: it is the one that counts.',
    mend: 'user: the LOGIN_NAME, under snowflake in access.yml, then npx snowgate deploy --stage <stage>; or CREATE USER <user> TYPE = SERVICE.',
  },
  'jwt-malformed': {
    what: 'The token of the key pair is not one that Snowflake takes: its claims, its algorithm or its signature.',
    tell: 'The official drivers make it rightly; a program of your own has iss = ACCOUNT.USER.SHA256:fingerprint, sub = ACCOUNT.USER, both in capitals, iat, exp an hour later at most, and RS256.',
    mend: 'Let the driver make the token, or correct what SYSTEM$GET_LOGIN_FAILURE_DETAILS names.',
  },
} as const satisfies Record<string, Cause>
