import { listMembers, type QueryError } from '../../service/query-protocol.ts'
import {
  countViolations,
  duplicateTags,
  durationViolations,
  memberViolations,
  missingViolation,
  validationError,
  violationsOf,
} from './parameter-constraints.ts'
import { isTokenAlgorithm, type TokenAlgorithm } from './token-issuers.ts'

export interface WebIdentityTokenInput {
  readonly audiences: readonly string[]
  readonly algorithm: TokenAlgorithm
  /** Seconds */
  readonly durationSeconds: number
  readonly tags: Readonly<Record<string, string>>
}

const duration = { least: 60, most: 3_600, standard: 300 }
const maxCounts = { audiences: 10, tags: 50 }
const tagCharacters = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]'

/**
 * The input, or the error that STS answers. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html ;
 * the words as recorded in github.com/radkawar/stackd, testdata/aws/iam/outbound_identity.json.
 */
export const readGetWebIdentityToken = (
  parameters: ReadonlyMap<string, string>,
): WebIdentityTokenInput | QueryError => {
  const audiences = listMembers(parameters, 'Audience').map((audience) => audience.get('') ?? '')
  const algorithm = parameters.get('SigningAlgorithm')
  const tagList = listMembers(parameters, 'Tags').map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? ''] as const)
  const violations = [
    // A list without members is no list in this protocol.
    ...(audiences.length === 0 ? [missingViolation('audience')] : []),
    ...countViolations('audience', audiences.length, maxCounts.audiences, `[${audiences.join(', ')}]`),
    ...memberViolations('audience', audiences, [1, 1_000]),
    ...violationsOf({ member: 'signingAlgorithm', required: true, length: [5, 5] }, algorithm),
    ...durationViolations(parameters.get('DurationSeconds'), duration),
    ...countViolations('tags', tagList.length, maxCounts.tags, `[${tagList.map(formatTag).join(', ')}]`),
    ...tagList.flatMap(([key, value], at) => [
      ...violationsOf({ member: `tags.${at + 1}.member.key`, length: [1, 128], pattern: `${tagCharacters}+` }, key),
      ...violationsOf({ member: `tags.${at + 1}.member.value`, length: [0, 256], pattern: `${tagCharacters}*` }, value),
    ]),
  ]
  if (violations.length > 0) return validationError(violations)
  if (!isTokenAlgorithm(algorithm)) {
    const message =
      'Requested SigningAlgorithm is not supported. See the GetWebIdentityToken documentation for supported algorithms'
    return { status: 400, code: 'ValidationError', message }
  }
  const duplicateError = duplicateTags(tagList.map(([key]) => key))
  if (duplicateError) return duplicateError
  return {
    audiences,
    algorithm,
    durationSeconds: Number(parameters.get('DurationSeconds') ?? duration.standard),
    tags: Object.fromEntries(tagList),
  }
}

const formatTag = ([key, value]: readonly [string, string]): string => `Tag(key=${key}, value=${value})`
