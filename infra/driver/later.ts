/** A package that the driver imports on load but needs only for some logins or results. */
export interface Later {
  readonly name: string
  /** All exports that the driver uses: functions and classes. */
  readonly taken: readonly string[]
}

/** These are not excluded: the same code is loaded on first use. */
export const later: readonly Later[] = [
  // Workload identity: the signed request, and for a token or another role an STS client, which the handler has too.
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

/** Replaces the package. */
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
