interface Place {
  readonly service: string
  readonly region: string
}

/** What would have passed, check by check: for people, in the words of signing tools. */
export const remedies = {
  http: () => 'Send a well-formed HTTP/1.1 request.',
  path: () => 'Percent-encode the path, as UTF-8.',
  query: () => 'Percent-encode the query; a percent sign itself is %25.',
  presence: ({ service, region }) => `Sign the request with Signature Version 4, for ${service} in ${region}.`,
  'one form': () => 'Sign in the Authorization header or in the query, not in both.',
  algorithm: () => 'Sign with AWS4-HMAC-SHA256.',
  pairs: () => 'Write Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…',
  parts: () => 'Give Credential, SignedHeaders, Signature and a date.',
  host: () => 'Sign the header host.',
  'amz headers': () => 'Add X-Amz-* headers before signing, and sign them all.',
  date: () => 'Date the request in UTC and basic form: X-Amz-Date: 20260102T030405Z.',
  expires: () => 'Give X-Amz-Expires as whole seconds, fewer than 604800.',
  clock: () => 'Set the clock of the signer, and send at once what was signed.',
  credential: ({ service, region }) => `Write the credential as <key id>/<yyyymmdd>/${region}/${service}/aws4_request.`,
  scope: ({ service, region }) => `Sign for ${service} in ${region}, on the day of the request.`,
  token: () => 'Send the session token that came with the access key; when the session is over, assume the role again.',
  key: () => 'Use an access key that exists here (snowgate env <identity>), a temporary one with its session token.',
  signature: () => 'Sign with the secret of this access key, and send exactly what was signed.',
} as const satisfies Record<string, (place: Place) => string>

export type CheckName = keyof typeof remedies
