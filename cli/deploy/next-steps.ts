import { type Caller, doorRoleName, isHttpRoute, partitionOf, roleArn, type Stage } from '../../shared/access/index.ts'
import { defaultStackUrl } from '../local-stack/index.ts'
import type { Deployed } from './world.ts'

/** What was deployed, and from which map. */
interface Order {
  readonly stage: Stage
  readonly stageName: string
  /** Of the deployment, to be given again: `--access …`, `--profile …`. */
  readonly flags: readonly string[]
  readonly deployed: Deployed
}

/** The role behind the door of each caller that has one. */
export const doorsOf = ({ stage, stageName, deployed }: Pick<Order, 'stage' | 'stageName' | 'deployed'>) => {
  const { accountId, region } = deployed
  return new Map(
    [...stage.callers].flatMap(([name, { kind }]) =>
      kind === 'direct' ? [] : [[name, roleArn(partitionOf(region), accountId, doorRoleName(stageName, name))]],
    ),
  )
}

interface NextStep {
  readonly caller: string
  /** A command to give. */
  readonly what: string
}

/** What each caller does next: in AWS with credentials of its own, here as whom the stack plays. */
export const nextSteps = (order: Order): readonly NextStep[] => {
  const doors = doorsOf(order)
  return [...order.stage.callers].map(([name, caller]) => ({
    caller: name,
    what: caller.kind === 'snowflake' ? setUp(name, order) : call(name, caller, doors.get(name), order),
  }))
}

/** Whether its door is shut still or open: the set-up goes on from there. */
const setUp = (name: string, { stageName, flags, deployed }: Order): string =>
  words(
    `npx snowgate setup --stage ${stageName} --caller ${name}`,
    ...flags,
    deployed.localUrl === undefined ? '--aws' : stackFlag(deployed.localUrl),
  )

const call = (name: string, caller: Caller, door: string | undefined, { stageName, deployed }: Order): string => {
  const { localUrl } = deployed
  const [request] = requestsOf(caller)
  if (request === undefined) return `aws lambda invoke (as ${name}, which has no API route)`
  const { method, path, data } = request
  if (localUrl !== undefined)
    return words(`npx snowgate call --as ${name} ${method} ${path}`, data, stackFlag(localUrl))
  const [externalId] = caller.kind === 'direct' ? [] : caller.externalIds
  return words(
    `npx snowgate call ${method} ${apiOf(stageName, deployed)}${path}`,
    data,
    `--profile <profile of ${name}>`,
    door === undefined ? '' : `--role-arn ${door}`,
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

/** With a gap to fill where nobody told. */
const apiOf = (stageName: string, { apiUrl, region }: Deployed): string =>
  apiUrl ?? `https://<api>.execute-api.${region}.amazonaws.com/${stageName}`

const stackFlag = (url: string): string => (url === defaultStackUrl ? '' : `--stack ${url}`)

const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')
