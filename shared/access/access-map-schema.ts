import * as z from 'zod'
import type { AccessMap, Stage } from './access-map.ts'
import { callerRoleName, executionRoleSuffix, roleNameLimit } from './aws-names.ts'
import { callerSchema, checkedText } from './caller-schema.ts'
import { expectedMessage, isMapping, quoteValue } from './expected-value.ts'
import { snowflakeSchema, toSnowflakeLogin } from './snowflake-login-schema.ts'
import { targetNameFault, targetSchema } from './target-schema.ts'

/** A mapping with user-defined keys, as a Map: `z.record` skips a key named `__proto__`. */
const namedEntries = <Value extends z.ZodType>(
  nameFault: (name: string) => string | undefined,
  value: Value,
  suggestion: string,
) =>
  z.preprocess(
    (input) => (isMapping(input) ? new Map(Object.entries(input)) : input),
    z
      .map(checkedText('a name', nameFault), value, { error: expectedMessage(suggestion) })
      .refine((map) => map.size > 0, { error: `this is empty: write ${suggestion}` }),
  )

const callerNameFault = (name: string): string | undefined => {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    return 'a caller name has lower-case letters, digits and hyphens and begins with a letter: rename it'
  }
  if (name.endsWith(executionRoleSuffix)) {
    return `a name ending in ${executionRoleSuffix} could collide with the execution role of a function: rename it`
  }
  return undefined
}

const stageNameFault = (name: string): string | undefined =>
  /^[a-z][a-z0-9]{0,15}$/.test(name)
    ? undefined
    : 'a stage name has 1 to 16 lower-case letters and digits and begins with a letter: rename it'

const keys = {
  callers: namedEntries(callerNameFault, callerSchema, 'the callers of the stage, each under its name'),
  targets: namedEntries(targetNameFault, targetSchema, 'the targets of the stage, each under its name').optional(),
  snowflake: snowflakeSchema.optional(),
}

export const stageKeys = Object.keys(keys)

const stageSchema = z.strictObject(keys, { error: expectedMessage('callers: with the callers of the stage') })

export const accessMapSchema = namedEntries(stageNameFault, stageSchema, 'stages such as dev:, each with its callers')
  .superRefine(
    (stages, { issues }) => {
      for (const [stageName, stage] of stages) {
        // Invalid stages reach this check too, and may be any value.
        if (!isMapping(stage) || !(stage.callers instanceof Map)) continue
        for (const callerName of stage.callers.keys()) {
          const role = callerRoleName(stageName, callerName)
          if (role.length <= roleNameLimit) continue
          const message = `its caller role ${quoteValue(role)} would have ${role.length} characters, and the limit is ${roleNameLimit}: rename it`
          issues.push({ code: 'custom', path: [stageName, 'callers', callerName], message, input: callerName })
        }
      }
    },
    { when: ({ value }) => value instanceof Map },
  )
  .transform(
    (stages): AccessMap =>
      new Map(
        [...stages].map(([name, { callers, targets = new Map(), snowflake }]): [string, Stage] => [
          name,
          { callers, targets, ...(snowflake && { snowflake: toSnowflakeLogin(name, snowflake) }) },
        ]),
      ),
  )
