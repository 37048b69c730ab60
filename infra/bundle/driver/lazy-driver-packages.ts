/** A package that the driver imports on load but needs only for some logins or results. */
export interface LazyPackage {
  readonly name: string
  /** All exports that the driver uses: functions and classes. */
  readonly exports: readonly string[]
}

/** These are not excluded: the same code is loaded on first use. */
export const lazyPackages: readonly LazyPackage[] = [
  // Workload identity: the signed request, and for a token or another role an STS client, which the handler has too.
  { name: '@aws-sdk/credential-provider-node', exports: ['defaultProvider'] },
  { name: '@smithy/signature-v4', exports: ['SignatureV4'] },
  { name: '@smithy/protocol-http', exports: ['HttpRequest'] },
  { name: '@aws-crypto/sha256-js', exports: ['Sha256'] },
  {
    name: '@aws-sdk/client-sts',
    exports: ['STSClient', 'AssumeRoleCommand', 'GetCallerIdentityCommand', 'GetWebIdentityTokenCommand'],
  },
  // A key pair.
  { name: 'jsonwebtoken', exports: ['sign'] },
  // XML in a VARIANT.
  { name: 'fast-xml-parser', exports: ['XMLParser', 'XMLValidator'] },
]

/** Replaces the package. */
export const lazyPackageSource = ({ name, exports }: LazyPackage): string => `
const lazy = (exportName) => {
  const real = () => require(${JSON.stringify(name)})[exportName]
  return new Proxy(function () {}, {
    apply: (_, self, values) => Reflect.apply(real(), self, values),
    construct: (_, values) => Reflect.construct(real(), values),
    get: (_, key) => real()[key],
  })
}
for (const name of ${JSON.stringify(exports)}) exports[name] = lazy(name)`
