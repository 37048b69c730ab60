declare module 'aws4' {
  interface Signable {
    host?: string
    region?: string
    service?: string
    method?: string
    path?: string
    headers?: Record<string, string>
    body?: string | Buffer
    signQuery?: boolean
  }
  interface Keys {
    accessKeyId: string
    secretAccessKey: string
    sessionToken?: string
  }
  /** Signs and returns the given request. */
  export function sign<Request extends Signable>(request: Request, keys: Keys): Request
  const aws4: { sign: typeof sign }
  export default aws4
}
