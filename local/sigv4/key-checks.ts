import { hash, timingSafeEqual } from 'node:crypto'
import type { Attempt } from './attempt.ts'
import { quoted, type Refused, refused } from './check.ts'
import type { Claim } from './claim.ts'
import { terminator } from './credential.ts'
import { words } from './words.ts'

export const malformedCredential = ({ credential }: Attempt, claim: Claim): Refused | undefined =>
  credential === undefined
    ? refused(
        'IncompleteSignature',
        words.credentialParts(claim.credential ?? ''),
        `Credential has ${(claim.credential ?? '').split('/').length} elements instead of 5.`,
      )
    : undefined

interface ScopePart {
  readonly name: string
  readonly said: string
  readonly wanted: string
  readonly words: string
}

export const wrongScope = ({ credential, endpoint, timestamp }: Attempt): Refused | undefined => {
  if (credential === undefined || timestamp === undefined) return undefined
  const { region, service, terminator: end, day } = credential
  const { scope } = words
  const parts: readonly ScopePart[] = [
    { name: 'region', said: region, wanted: endpoint.region, words: scope.region(region) },
    { name: 'service', said: service, wanted: endpoint.service, words: scope.service(endpoint.service) },
    { name: 'terminator', said: end, wanted: terminator, words: scope.terminator(end) },
    { name: 'date', said: day, wanted: timestamp.day, words: scope.day(day, timestamp) },
  ]
  const wrong = parts.filter(({ said, wanted }) => said !== wanted)
  return wrong.length === 0
    ? undefined
    : refused(
        'SignatureDoesNotMatch',
        words.scopeWrong(wrong.map((part) => part.words)),
        ...wrong.map(
          ({ name, said, wanted }) => `The ${name} signed for is ${quoted(said)}; here it is ${quoted(wanted)}.`,
        ),
      )
}

/** Hashing first makes the lengths equal and the comparison constant in time. */
const isSameToken = (ours: string, theirs: string): boolean =>
  timingSafeEqual(hash('sha256', ours, 'buffer'), hash('sha256', theirs, 'buffer'))

/**
 * A token that came along must be the one issued with this key; the token of another key is as broken as an invented
 * one, and so is any token beside a long-term key.
 */
export const brokenToken = ({ endpoint, key }: Attempt, claim: Claim): Refused | undefined => {
  if (claim.token === undefined) return undefined
  const because = (explanation: string) => refused('InvalidClientTokenId', words.tokenBroken(endpoint), explanation)
  if (key === undefined) return because('The session token belongs to no key known here; nor is the key id known.')
  if (key.sessionToken === undefined)
    return because(
      `${key.accessKeyId} is a long-term key, but a session token came with it: two credentials were mixed.`,
    )
  return isSameToken(key.sessionToken, claim.token)
    ? undefined
    : because(`The session token is not the one issued with ${key.accessKeyId}: it was cut, or is of another session.`)
}

export const expiredToken = ({ key, now }: Attempt, claim: Claim): Refused | undefined => {
  if (key?.expiration === undefined || (key.sessionToken !== undefined && claim.token === undefined)) return undefined
  const since = now.seconds - Math.floor(key.expiration.getTime() / 1000)
  return since < 0
    ? undefined
    : refused(
        'ExpiredToken',
        words.tokenExpired,
        `The session of ${key.accessKeyId} ended ${since} seconds ago; assume the role again.`,
      )
}

/** Only what has the form of a key id is shown: a secret may stand in its place by mistake. */
const keyIdSeen = (accessKeyId: string): string =>
  /^[A-Z0-9]{16,24}$/.test(accessKeyId)
    ? `The access key ${accessKeyId} is not known here.`
    : `What stands for the access key id has not the form of one (it has ${accessKeyId.length} characters${
        accessKeyId.length === 40 ? ', as a secret access key has: were the two exchanged?' : ''
      }).`

export const unknownKey = ({ credential, key }: Attempt, claim: Claim): Refused | undefined => {
  const because = (explanation: string) => refused('InvalidClientTokenId', words.keyUnknown, explanation)
  if (key === undefined) return because(keyIdSeen(credential?.accessKeyId ?? ''))
  return key.sessionToken !== undefined && claim.token === undefined
    ? because(`${key.accessKeyId} is a temporary key, but no session token (X-Amz-Security-Token) came with it.`)
    : undefined
}
