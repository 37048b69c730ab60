/** What a signature for an AWS host has to name. */
export interface HostScope {
  readonly service: string
  readonly region: string
}

const suffix = String.raw`amazonaws\.com(?:\.cn)?`
const region = String.raw`(?<region>[a-z]{2}(?:-[a-z]+)+-\d)`

const hostPatterns: readonly { readonly host: RegExp; readonly service?: string }[] = [
  { host: new RegExp(String.raw`\.execute-api\.${region}\.${suffix}$`), service: 'execute-api' },
  { host: new RegExp(String.raw`\.${region}\.neptune\.${suffix}$`), service: 'neptune-db' },
  { host: new RegExp(String.raw`\.lambda-url\.${region}\.on\.aws$`), service: 'lambda' },
  { host: new RegExp(String.raw`^(?<service>[a-z0-9-]+)\.${region}\.${suffix}$`) },
]

/** Service and region as AWS writes them into its host names; nothing for a custom domain. */
export const scopeOfHost = (hostname: string): HostScope | undefined => {
  for (const { host, service } of hostPatterns) {
    const found = host.exec(hostname)?.groups
    if (found?.['region']) return { service: service ?? found['service'] ?? '', region: found['region'] }
  }
  return undefined
}
