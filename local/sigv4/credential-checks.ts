import { hash, timingSafeEqual } from 'node:crypto'
import type { ClaimedSignature } from './claimed-signature.ts'
import { type CheckRejection, quoteForLog, rejectWith, signatureMessages } from './signature-rejection.ts'
import type { SignedRequest } from './signed-request.ts'
import { terminator } from './string-to-sign.ts'

export const malformedCredential = (
  { credential }: SignedRequest,
  claim: ClaimedSignature,
): CheckRejection | undefined =>
  credential === undefined
    ? rejectWith(
        'IncompleteSignature',
        signatureMessages.credentialParts(claim.credential ?? ''),
        `Credential has ${(claim.credential ?? '').split('/').length} elements instead of 5.`,
      )
    : undefined

interface ScopePart {
  readonly name: string
  readonly actual: string
  readonly expected: string
  readonly message: string
}

export const wrongScope = ({ credential, endpoint, timestamp }: SignedRequest): CheckRejection | undefined => {
  if (credential === undefined || timestamp === undefined) return undefined
  const { region, service, terminator: end, day } = credential
  const { scope } = signatureMessages
  const parts: readonly ScopePart[] = [
    { name: 'region', actual: region, expected: endpoint.region, message: scope.region(region) },
    { name: 'service', actual: service, expected: endpoint.service, message: scope.service(endpoint.service) },
    { name: 'terminator', actual: end, expected: terminator, message: scope.terminator(end) },
    { name: 'date', actual: day, expected: timestamp.day, message: scope.day(day, timestamp) },
  ]
  const mismatches = parts.filter(({ actual, expected }) => actual !== expected)
  return mismatches.length === 0
    ? undefined
    : rejectWith(
        'SignatureDoesNotMatch',
        signatureMessages.scopeWrong(mismatches.map((part) => part.message)),
        ...mismatches.map(
          ({ name, actual, expected }) =>
            `The ${name} signed for is ${quoteForLog(actual)}; here it is ${quoteForLog(expected)}.`,
        ),
      )
}

/** Hashing first makes the lengths equal and the comparison constant in time. */
const isSameToken = (issued: string, received: string): boolean =>
  timingSafeEqual(hash('sha256', issued, 'buffer'), hash('sha256', received, 'buffer'))

/**
 * A token that came along must be the one issued with this key; the token of another key is as broken as an invented
 * one, and so is any token beside a long-term key.
 */
export const invalidToken = ({ endpoint, key }: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined => {
  if (claim.token === undefined) return undefined
  const reject = (explanation: string) =>
    rejectWith('InvalidClientTokenId', signatureMessages.tokenBroken(endpoint), explanation)
  if (key === undefined) return reject('The session token belongs to no key known here; nor is the key id known.')
  if (key.sessionToken === undefined)
    return reject(
      `${key.accessKeyId} is a long-term key, but a session token came with it: two credentials were mixed.`,
    )
  return isSameToken(key.sessionToken, claim.token)
    ? undefined
    : reject(`The session token is not the one issued with ${key.accessKeyId}: it was cut, or is of another session.`)
}

export const expiredToken = ({ key, now }: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined => {
  if (key?.expiration === undefined || (key.sessionToken !== undefined && claim.token === undefined)) return undefined
  const since = now.seconds - Math.floor(key.expiration.getTime() / 1000)
  return since < 0
    ? undefined
    : rejectWith(
        'ExpiredToken',
        signatureMessages.tokenExpired,
        `The session of ${key.accessKeyId} ended ${since} seconds ago; assume the role again.`,
      )
}

/** Only what has the form of a key id is shown: a secret may stand in its place by mistake. */
const describeUnknownKeyId = (accessKeyId: string): string =>
  /^[A-Z0-9]{16,24}$/.test(accessKeyId)
    ? `The access key ${accessKeyId} is not known here.`
    : `What stands for the access key id has not the form of one (it has ${accessKeyId.length} characters${
        accessKeyId.length === 40 ? ', as a secret access key has: were the two exchanged?' : ''
      }).`

export const unknownAccessKey = (
  { credential, key }: SignedRequest,
  claim: ClaimedSignature,
): CheckRejection | undefined => {
  const reject = (explanation: string) => rejectWith('InvalidClientTokenId', signatureMessages.keyUnknown, explanation)
  if (key === undefined) return reject(describeUnknownKeyId(credential?.accessKeyId ?? ''))
  return key.sessionToken !== undefined && claim.token === undefined
    ? reject(`${key.accessKeyId} is a temporary key, but no session token (X-Amz-Security-Token) came with it.`)
    : undefined
}
