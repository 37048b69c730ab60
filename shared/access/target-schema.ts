import * as z from 'zod'
import { checkedText, externalIdFault, uniqueList } from './caller-schema.ts'
import { expectedMessage, isMapping } from './expected-value.ts'
import { targetRoleFault } from './principal-arn.ts'
import { parseAllowRule, type Target, targetUrlFault } from './targets/index.ts'

export const targetNameFault = (name: string): string | undefined =>
  /^[a-z][a-z0-9-]{0,63}$/.test(name)
    ? undefined
    : 'a target name has 1 to 64 lower-case letters, digits and hyphens and begins with a letter: rename it'

const serviceFault = (text: string): string | undefined =>
  /^[a-z0-9][a-z0-9-]{0,63}$/.test(text)
    ? undefined
    : 'this is not a service name of a signature: write for example execute-api, neptune-db or s3'

// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
const regionFault = (text: string): string | undefined =>
  /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/.test(text) ? undefined : 'this is not a region: write for example eu-central-1'

const allowFault = (text: string): string | undefined => {
  const rule = parseAllowRule(text)
  return 'fault' in rule ? rule.fault : undefined
}

const keys = {
  url: z.string({ error: expectedMessage('the URL of the target') }),
  service: checkedText('the service of the signature, such as neptune-db', serviceFault),
  region: checkedText('the region of the signature, such as eu-central-1', regionFault),
  roleArn: checkedText('the ARN of the role to assume, or remove the line', targetRoleFault).optional(),
  externalId: checkedText('an external id in quotes', externalIdFault).optional(),
  allow: uniqueList(checkedText('a method and a path such as GET /status', allowFault), 'a list such as [GET /status]'),
  allowPrivate: z.literal(true, { error: 'only true is allowed: write true, or remove the line' }).optional(),
}

export const targetKeys = Object.keys(keys)

type PresentKeys = Readonly<Partial<Record<keyof typeof keys, unknown>>>

export const targetSchema = z
  .strictObject(keys, { error: expectedMessage('a mapping with url, service, region and allow') })
  .superRefine(
    ({ url, allowPrivate, externalId, roleArn }: PresentKeys, { issues }) => {
      const fault = typeof url === 'string' ? targetUrlFault(url, allowPrivate === true) : undefined
      if (fault !== undefined) issues.push({ code: 'custom', path: ['url'], message: fault, input: url })
      if (externalId === undefined || roleArn !== undefined) return
      const message = 'an external id applies to AssumeRole: add roleArn, or remove this'
      issues.push({ code: 'custom', path: ['externalId'], message, input: externalId })
    },
    { when: ({ value }) => isMapping(value) },
  )
  .transform(
    ({ roleArn, externalId, allowPrivate, ...rest }): Target => ({
      ...rest,
      ...(roleArn !== undefined && { roleArn }),
      ...(externalId !== undefined && { externalId }),
      ...(allowPrivate && { allowPrivate }),
    }),
  )
