import { type PlaceholderValues, toPattern } from '../../shared/diagnoses/index.ts'

/** Hosts anywhere in the text that have values, if there is only one of a kind. */
const hostPatterns = [
  'https://<api>.execute-api.<region>.amazonaws.com/<stage>/',
  '<api>.execute-api.<region>.amazonaws.com',
  '<identifier>.snowflakecomputing.com',
]

/** Values for the placeholders of a cause: from the error, derived from its values, and from the surrounding text. */
export const valuesFor = (matchedValues: PlaceholderValues, text: string): PlaceholderValues => {
  const hostValues = hostPatterns.map((pattern) =>
    singleMatch([...text.matchAll(toPattern(pattern))].map(({ groups }) => ({ ...groups }))),
  )
  const all = Object.assign(
    {},
    ...hostValues.toReversed(),
    ofRole(matchedValues['rolename']),
    ofRole(matchedValues['role']),
    matchedValues,
  )
  return Object.fromEntries(Object.entries<string>(all).filter(([, value]) => !isSecret(value)))
}

const singleMatch = (found: readonly Record<string, string>[]): PlaceholderValues => {
  const [first = {}, ...others] = found
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : {}
}

/** The name of a role of snowgate has stage and caller in it, or the function. */
const ofRole = (role = ''): PlaceholderValues => {
  const [, stage, name, isExecutionRole] = /^snowgate-([a-z][a-z0-9]{0,15})-(.+?)(-function)?$/.exec(role) ?? []
  if (stage === undefined || name === undefined) return {}
  return isExecutionRole === undefined ? { stage, caller: name } : { stage, function: name }
}

/** No name is that long, and no name is an access key. */
const isSecret = (value: string) => /A[KS]IA[A-Z0-9]{16}|[A-Za-z0-9+/=]{40}/.test(value)
