import { usageFailure } from '../command-failure.ts'
import { isLoopback } from './send.ts'

/** A path of the API as it stands, or a whole URL. */
export const parseTarget = (target: string): string | URL => {
  if (target.startsWith('/')) return target
  if (!/^https?:\/\//i.test(target)) {
    const host = /^(localhost\b|[\w-]+(\.[\w-]+)+)/.exec(target)?.[0]
    throw host !== undefined
      ? usageFailure(`${target} has no scheme.`, `Use ${isLoopback(host) ? 'http' : 'https'}://${target}`)
      : usageFailure(`${target} is neither a path nor a URL.`, `Use /${target}, or a URL with https://`)
  }
  const url = URL.parse(target)
  if (!url) throw usageFailure(`${target} is not a URL.`)
  if (url.username || url.password)
    throw usageFailure('Remove the credentials from the URL; the request is signed with IAM.')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw usageFailure(
      `${url.origin} does not use TLS.`,
      `Use https://${url.host}; http:// is allowed for loopback only.`,
    )
  }
  return url
}

/** @param api base of the API with its stage, as far as it is known */
export const urlOf = (target: string | URL, api: string | undefined): URL => {
  if (target instanceof URL) return target
  if (api !== undefined) return new URL(api.replace(/\/+$/, '') + target)
  throw usageFailure(
    `No API is configured for ${target}.`,
    'Pass --as <identity> for the local stack, set SNOWGATE_API to the base URL with its stage, or use a full URL.',
  )
}
