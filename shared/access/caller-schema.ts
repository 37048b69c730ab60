import * as z from 'zod'
import type { Caller } from './access-map.ts'
import { expectedMessage, isMapping } from './expected-value.ts'
import { principalFault, snowflakeUserFault } from './principal-arn.ts'
import { parseRoute } from './routes.ts'

/** A text without a fault; the fault is the error message. */
export const checkedText = (suggestion: string, faultIn: (text: string) => string | undefined) =>
  z.string({ error: expectedMessage(suggestion) }).check(({ value, issues }) => {
    const message = faultIn(value)
    if (message !== undefined) issues.push({ code: 'custom', message, input: value })
  })

/** A non-empty list of texts without duplicates. */
export const uniqueList = (item: z.ZodType<string>, suggestion: string) =>
  z
    .array(item, { error: expectedMessage(suggestion) })
    .min(1, { error: `this list is empty: write ${suggestion}` })
    .superRefine(
      (values, { issues }) => {
        for (const [index, value] of values.entries()) {
          if (values.indexOf(value) === index) continue
          issues.push({
            code: 'custom',
            path: [index],
            message: 'duplicate list item: keep one',
            input: value,
          })
        }
      },
      { when: ({ value }) => Array.isArray(value) },
    )

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
export const externalIdFault = (text: string): string | undefined =>
  /^[\w+=,.@:/-]{2,1224}$/.test(text)
    ? undefined
    : 'an external id has 2 to 1,224 letters, digits or characters of _+=,.@:/- and no other characters: copy it unchanged'

const routeFault = (text: string): string | undefined => {
  const route = parseRoute(text)
  return 'fault' in route ? route.fault : undefined
}

const keys = {
  iamUserArn: checkedText('the ARN that DESCRIBE INTEGRATION shows, or remove the line', snowflakeUserFault).optional(),
  externalIds: uniqueList(
    checkedText('an external id in quotes', externalIdFault),
    'a list of external ids',
  ).optional(),
  principals: uniqueList(
    checkedText('the ARN of a role or user', principalFault),
    'a list of role or user ARNs',
  ).optional(),
  direct: z.literal(true, { error: 'only true is allowed: write true, or remove the line' }).optional(),
  routes: uniqueList(checkedText('a route such as POST /hello', routeFault), 'a list of routes such as [POST /hello]'),
}

export const callerKeys = Object.keys(keys)

type PresentKeys = Readonly<Partial<Record<keyof typeof keys, unknown>>>

/** Keys that cannot be combined. Checks presence only, so that these errors appear together with invalid values. */
const invalidCombinations: readonly {
  readonly at: keyof typeof keys
  readonly wrong: (present: PresentKeys) => boolean
  readonly message: string
}[] = [
  {
    at: 'iamUserArn',
    wrong: ({ iamUserArn, externalIds }) => iamUserArn !== undefined && externalIds === undefined,
    message:
      'without externalIds any Snowflake account could assume this caller role (confused deputy): add externalIds, from API_AWS_EXTERNAL_ID in DESCRIBE INTEGRATION',
  },
  {
    at: 'principals',
    wrong: ({ iamUserArn, principals }) => iamUserArn !== undefined && principals !== undefined,
    message: 'a caller is Snowflake (iamUserArn) or roles of AWS accounts (principals), not both: write two callers',
  },
  {
    at: 'direct',
    wrong: ({ direct, principals }) => direct !== undefined && principals === undefined,
    message: 'a direct caller signs with its own role: add that role under principals',
  },
  {
    at: 'externalIds',
    wrong: ({ direct, externalIds }) => direct !== undefined && externalIds !== undefined,
    message: 'an external id applies to AssumeRole, and a direct caller assumes no role: remove this or direct',
  },
]

export const callerSchema = z
  .strictObject(keys, { error: expectedMessage('a mapping with routes') })
  .superRefine(
    (present, { issues }) => {
      for (const { at, wrong, message } of invalidCombinations) {
        if (wrong(present)) issues.push({ code: 'custom', path: [at], message, input: present[at] })
      }
    },
    { when: ({ value }) => isMapping(value) },
  )
  .transform(({ iamUserArn, externalIds = [], principals, direct, routes: texts }): Caller => {
    // Every route is valid here, so none is dropped.
    const routes = texts.map(parseRoute).flatMap((route) => ('fault' in route ? [] : [route]))
    if (principals === undefined) {
      return { kind: 'snowflake', externalIds, routes, ...(iamUserArn !== undefined && { iamUserArn }) }
    }
    return direct ? { kind: 'direct', principals, routes } : { kind: 'account', principals, externalIds, routes }
  })
