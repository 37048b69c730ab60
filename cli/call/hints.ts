/** What people who got these words needed to know. The words: AWS's answers to a request that was signed wrongly or not allowed. */
const hints: readonly (readonly [words: RegExp, hint: string])[] = [
  [/security token included in the request is expired/i, 'The session is over: take new credentials.'],
  [/security token included in the request is invalid/i, 'Unknown access key, or a session token that is not its own.'],
  [
    /Missing Authentication Token/,
    'The API has no such method and path in this stage; it says the same to unsigned requests.',
  ],
  [
    /signature we calculated does not match/i,
    'The secret is not the access key’s own, or the request was changed on its way.',
  ],
  [/Credential should be scoped to/i, 'The signature names the wrong region or service: --region, --service.'],
  [/Signature expired|not yet current/i, 'The clock of this machine is more than five minutes off.'],
  [/is not authorized to perform/i, 'The signature is right; a policy does not allow the call, or denies it.'],
]

export const hintFor = (body: string): string | undefined => hints.find(([words]) => words.test(body))?.[1]
