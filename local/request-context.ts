import { headerValue, type WireRequest } from './http/index.ts'

/**
 * The global condition keys that follow from the request and not from who sent it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const requestContextKeys = (request: WireRequest, region: string, now: Date): Record<string, string> => {
  const userAgent = headerValue(request, 'user-agent')
  const referer = headerValue(request, 'referer')
  return {
    'aws:SourceIp': request.sourceIp,
    // The stack listens on loopback without TLS in the place of a service that has nothing but TLS.
    'aws:SecureTransport': 'true',
    'aws:RequestedRegion': region,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    ...(userAgent !== undefined && { 'aws:UserAgent': userAgent }),
    ...(referer !== undefined && { 'aws:Referer': referer }),
  }
}
