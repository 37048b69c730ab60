/** A package that the driver imports when it is loaded, and needs for some logins or results alone. */
export interface Later {
  readonly name: string
  /** All that the driver takes of it: functions and classes. */
  readonly taken: readonly string[]
}

/** Nothing is left out here: the same code is loaded when the first of it is called. */
export const later: readonly Later[] = [
  // A workload identity: the signed request, and for a token or another role a client of STS, which the handler has as well.
  { name: '@aws-sdk/credential-provider-node', taken: ['defaultProvider'] },
  { name: '@smithy/signature-v4', taken: ['SignatureV4'] },
  { name: '@smithy/protocol-http', taken: ['HttpRequest'] },
  { name: '@aws-crypto/sha256-js', taken: ['Sha256'] },
  {
    name: '@aws-sdk/client-sts',
    taken: ['STSClient', 'AssumeRoleCommand', 'GetCallerIdentityCommand', 'GetWebIdentityTokenCommand'],
  },
  // A key pair.
  { name: 'jsonwebtoken', taken: ['sign'] },
  // XML in a VARIANT.
  { name: 'fast-xml-parser', taken: ['XMLParser', 'XMLValidator'] },
]

/** Takes the place of the package. */
export const deferral = ({ name, taken }: Later): string => `
const later = (taken) => {
  const real = () => require(${JSON.stringify(name)})[taken]
  return new Proxy(function () {}, {
    apply: (_, self, values) => Reflect.apply(real(), self, values),
    construct: (_, values) => Reflect.construct(real(), values),
    get: (_, key) => real()[key],
  })
}
for (const taken of ${JSON.stringify(taken)}) exports[taken] = later(taken)`
