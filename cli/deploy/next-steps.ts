import {
  type Caller,
  callerRoleName,
  isHttpRoute,
  partitionOf,
  roleArn,
  type Stage,
} from '../../shared/access/index.ts'
import { defaultStackUrl } from '../local-stack/local-stack-client.ts'
import type { DeployedService } from './deploy-target.ts'

/** What was deployed, and from which map. */
interface NextStepOptions {
  readonly stage: Stage
  readonly stageName: string
  /** Of the deployment, to be given again: `--access …`, `--profile …`. */
  readonly flags: readonly string[]
  readonly deployed: DeployedService
}

/** The caller role of each caller that has one. */
export const callerRolesOf = ({
  stage,
  stageName,
  deployed,
}: Pick<NextStepOptions, 'stage' | 'stageName' | 'deployed'>) => {
  const { accountId, region } = deployed
  return new Map(
    [...stage.callers].flatMap(([name, { kind }]) =>
      kind === 'direct' ? [] : [[name, roleArn(partitionOf(region), accountId, callerRoleName(stageName, name))]],
    ),
  )
}

interface NextStep {
  readonly caller: string
  /** A command to run. */
  readonly command: string
}

/** The first command of each caller: on AWS with its own credentials, on the local stack as a local identity. */
export const nextSteps = (options: NextStepOptions): readonly NextStep[] => {
  const callerRoles = callerRolesOf(options)
  return [...options.stage.callers].map(([name, caller]) => ({
    caller: name,
    command:
      caller.kind === 'snowflake'
        ? setupCommand(name, options)
        : callCommand(name, caller, callerRoles.get(name), options),
  }))
}

/** setup continues from either state, pending or trusted. */
const setupCommand = (name: string, { stageName, flags, deployed }: NextStepOptions): string =>
  joinWords(
    `npx snowgate setup --stage ${stageName} --caller ${name}`,
    ...flags,
    deployed.localUrl === undefined ? '--aws' : stackFlag(deployed.localUrl),
  )

const callCommand = (
  name: string,
  caller: Caller,
  callerRoleArn: string | undefined,
  { stageName, deployed }: NextStepOptions,
): string => {
  const { localUrl } = deployed
  const [request] = requestsOf(caller)
  if (request === undefined) return `aws lambda invoke (as ${name}, which has no API route)`
  const { method, path, data } = request
  if (localUrl !== undefined)
    return joinWords(`npx snowgate call --as ${name} ${method} ${path}`, data, stackFlag(localUrl))
  const [externalId] = caller.kind === 'direct' ? [] : caller.externalIds
  return joinWords(
    `npx snowgate call ${method} ${apiOf(stageName, deployed)}${path}`,
    data,
    `--profile <profile of ${name}>`,
    callerRoleArn === undefined ? '' : `--role-arn ${callerRoleArn}`,
    externalId === undefined ? '' : `--external-id ${externalId}`,
  )
}

/** The route to try first, with something to send. */
const requestsOf = ({ routes }: Caller) =>
  routes
    .filter(isHttpRoute)
    .sort((one, other) => Number(other.path === '/hello') - Number(one.path === '/hello'))
    .map(({ method, path }) => ({ method, path, data: method === 'GET' ? '' : `-d '${examples[path] ?? '{}'}'` }))

const examples: Readonly<Record<string, string>> = { '/hello': '{"name":"Alice"}' }

/** With a placeholder if the URL is unknown. */
const apiOf = (stageName: string, { apiUrl, region }: DeployedService): string =>
  apiUrl ?? `https://<api>.execute-api.${region}.amazonaws.com/${stageName}`

const stackFlag = (url: string): string => (url === defaultStackUrl ? '' : `--stack ${url}`)

const joinWords = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')
