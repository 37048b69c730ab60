import { patternOf, type Values } from '../../shared/diagnoses/index.ts'

/** What is told by a text elsewhere than in the error: by a host, when there is one of its kind. */
const surroundings = [
  'https://<api>.execute-api.<region>.amazonaws.com/<stage>/',
  '<api>.execute-api.<region>.amazonaws.com',
  '<identifier>.snowflakecomputing.com',
]

/** What stands for the placeholders of a cause: what the words of the error told, what follows from it, and what stands around. */
export const valuesFor = (told: Values, text: string): Values => {
  const around = surroundings.map((words) =>
    only([...text.matchAll(patternOf(words))].map(({ groups }) => ({ ...groups }))),
  )
  const all = Object.assign({}, ...around.toReversed(), ofRole(told['door']), ofRole(told['role']), told)
  return Object.fromEntries(Object.entries<string>(all).filter(([, value]) => !isSecret(value)))
}

const only = (found: readonly Record<string, string>[]): Values => {
  const [first = {}, ...others] = found
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : {}
}

/** The name of a role of snowgate has stage and caller in it, or the function. */
const ofRole = (role = ''): Values => {
  const [, stage, name, isExecutionRole] = /^snowgate-([a-z][a-z0-9]{0,15})-(.+?)(-function)?$/.exec(role) ?? []
  if (stage === undefined || name === undefined) return {}
  return isExecutionRole === undefined ? { stage, caller: name } : { stage, function: name }
}

/** Nothing that names a thing here is that long, and an access key is nobody's name. */
const isSecret = (value: string) => /A[KS]IA[A-Z0-9]{16}|[A-Za-z0-9+/=]{40}/.test(value)
