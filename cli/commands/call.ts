import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { AssumeRoleRejected } from '../aws/assume-role.ts'
import { awsEndpoint, awsSettings } from '../aws/aws-settings.ts'
import { findCredentialsFault } from '../aws/pasted-credentials.ts'
import { apiUrlFor, type NamedTarget, parseTarget, type ResolvedTarget, resolveTarget } from '../call/call-target.ts'
import { assumeCallerRole, type Caller, callerForIdentity } from '../call/caller-credentials.ts'
import { scopeOfHost } from '../call/host-scope.ts'
import { renderDecision } from '../call/render-decision.ts'
import { bodyOf, headersOf } from '../call/request-parts.ts'
import { type Answer, headerOf, sendRequest } from '../call/send-request.ts'
import { presignUrl, type RequestToSign, type SignedRequest, signRequest } from '../call/sign-request.ts'
import { CommandFailure, exitCodeOf, usageFailure } from '../command-failure.ts'
import type { CommandContext } from '../io.ts'
import { createLocalStackClient, type LocalStackClient, stackOption } from '../local-stack/local-stack-client.ts'

interface CallOptions {
  readonly as?: string
  readonly profile?: string
  readonly assume: boolean
  readonly stage: string
  readonly access: string
  readonly roleArn?: string
  readonly externalId?: string
  readonly sessionName?: string
  readonly duration?: number
  readonly service?: string
  readonly region?: string
  readonly request?: string
  readonly data?: string
  readonly header: readonly string[]
  readonly include?: boolean
  readonly verbose?: boolean
  readonly explain?: boolean
  readonly json?: boolean
  readonly presign?: boolean
  readonly expires: number
  readonly stack: string
}

const root = join(import.meta.dirname, '..', '..')

const collect = (line: string, lines: readonly string[]) => [...lines, line]

const seconds = (text: string) => {
  // STS: DurationSeconds from 900 to 43200.
  if (!/^\d+$/.test(text) || Number(text) < 900 || Number(text) > 43_200) {
    throw new InvalidArgumentError('Expected a number of seconds from 900 to 43200.')
  }
  return Number(text)
}

const lifetime = (text: string) => {
  // SigV4: X-Amz-Expires is at most a week.
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 604_799) {
    throw new InvalidArgumentError('Expected a number of seconds below 604800.')
  }
  return Number(text)
}

export const createCallCommand = (context: CommandContext): Command =>
  new Command('call')
    .usage('[options] [METHOD] <path|url|target path>')
    .argument('<words...>', 'API path such as /hello, full URL, or target name and path; an HTTP method may come first')
    .option('-X, --request <method>', 'HTTP method (default: GET, or POST with --data)')
    .option('-d, --data <data>', 'request body; @file reads a file, @- reads standard input')
    .option('-H, --header <line>', "'Name: value'; repeatable", collect, [])
    .option('-i, --include', 'include status and headers in the output')
    .option('-v, --verbose', 'log request and response to standard error, without secrets')
    .option('--json', 'print status, headers and body as JSON')
    .option('--as <identity>', 'act as an identity of the local stack: sign with its keys and assume its caller role')
    .option('--no-assume', 'with --as: sign with its own keys and do not assume its caller role')
    .option('--stage <name>', 'stage that defines the target', 'dev')
    .option('--access <path>', 'access map that defines the target', join(root, 'access.yml'))
    .option('--profile <name>', 'AWS profile to sign with (default: the AWS SDK credential chain)')
    .option('--role-arn <arn>', 'assume this role before signing')
    .option('--external-id <id>', 'external id that the role trust policy requires')
    .option('--session-name <name>', 'role session name, as CloudTrail shows it', 'snowgate-call')
    .option('--duration <seconds>', 'role session duration, 900 to 43200', seconds)
    .option('--service <name>', 'service to sign for (default: from the host name, else execute-api)')
    .option(
      '--region <name>',
      'region to sign for (default: from the host name, the identity or the AWS configuration)',
    )
    .option('--presign', 'print a presigned URL and send nothing')
    .option('--expires <seconds>', 'lifetime of the presigned URL in seconds', lifetime, 300)
    .option('--explain', 'show every check of the local stack and its result')
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate call --as analytics /hello -d '{"name":"Alice"}'
  snowgate call --as stranger --explain POST /hello
  snowgate call --as admin graph /status
  snowgate call https://abc123.execute-api.eu-central-1.amazonaws.com/dev/hello --profile work --role-arn arn:aws:iam::…

Exit codes: 0 success, 1 request not sent, 2 usage error, 4 response 4xx, 5 response 5xx`,
    )
    .action((positionals: readonly string[], options: CallOptions) => call(context, positionals, options))

const call = async (context: CommandContext, positionals: readonly string[], options: CallOptions): Promise<void> => {
  const { env, cwd, stdout, stderr } = context
  const { method, target } = parseArguments(positionals, options)
  const stack = createLocalStackClient(options.stack)
  const caller = await findCaller(target, options, stack, env)
  const requestEndpoint = await resolveEndpoint(
    target,
    { ...options, access: resolve(cwd, options.access) },
    stack,
    caller,
  )
  const { url } = requestEndpoint
  const scope = scopeFor(url, caller, {
    service: options.service ?? requestEndpoint.service,
    region: options.region ?? requestEndpoint.region,
  })
  rejectFaultyKeys(caller)

  const keys = await credentialsFor(
    { ...caller, callerRole: isNamed(target) ? targetRoleOf(requestEndpoint) : caller.callerRole },
    scope.region,
    options,
    {
      stack,
      stderr,
    },
  )
  if (options.presign) {
    if (options.data !== undefined || options.header.length > 0) {
      throw usageFailure('--presign cannot be combined with --data or --header.')
    }
    stdout.write(`${await presignUrl({ method, url }, keys, scope, options.expires)}\n`)
    return
  }
  const request = await signRequest(await requestOf(method, url, options, context), keys, scope)
  if (options.verbose) stderr.write(requestHead(request))
  const answer = await sendRequest(request)
  if (options.verbose) stderr.write(head('<', statusLine(answer), answer.headers))

  print(answer, options, context)
  if (options.explain) stderr.write(await explain(headerOf(answer, 'x-amzn-requestid'), stack))
  if (answer.status >= 400 && !options.explain) {
    // Loaded when it is needed: the table of all errors is large.
    const { hintFor } = await import('../error-hint.ts')
    const hint = hintFor(answer.body.toString())
    if (hint !== undefined) stderr.write(`snowgate: ${hint}\n`)
  }
  context.setExitCode(exitCodeOf(answer.status))
}

type Target = string | URL | NamedTarget

const isNamed = (target: Target): target is NamedTarget => typeof target === 'object' && 'name' in target

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const parseArguments = (
  positionals: readonly string[],
  { request, data }: CallOptions,
): { method: string; target: Target } => {
  const [first = '', ...others] = positionals
  const methodArgument = others.length > 0 && methods.has(first.toUpperCase()) ? first.toUpperCase() : undefined
  if (methodArgument !== undefined && request !== undefined) {
    throw usageFailure(`Two methods given: ${methodArgument} and -X ${request}.`)
  }
  const method = methodArgument ?? request ?? (data === undefined ? 'GET' : 'POST')
  const [target = '', path, ...rest] = methodArgument === undefined ? positionals : others
  if (path === undefined) return { method, target: parseTarget(target) }
  if (rest.length > 0 || !path.startsWith('/') || !/^[\w-]+$/.test(target)) {
    throw usageFailure(`Too many arguments: ${positionals.join(' ')}`, 'Example: snowgate call POST /hello')
  }
  return { method, target: { name: target, path } }
}

type RequestEndpoint = Pick<ResolvedTarget, 'url'> & Partial<ResolvedTarget>

const resolveEndpoint = async (
  target: Target,
  options: CallOptions,
  stack: LocalStackClient,
  { api }: Caller,
): Promise<RequestEndpoint> => {
  if (!isNamed(target)) return { url: apiUrlFor(target, api) }
  // A local identity calls the target of the stack; other credentials call the real target.
  return resolveTarget(target, { ...options, localStack: options.as === undefined ? undefined : stack })
}

const targetRoleOf = ({ roleArn, externalId }: RequestEndpoint) =>
  roleArn === undefined ? undefined : { roleArn, externalId }

/** `snowgate env` exports the API and the caller role; they apply to a path, never to another URL. */
const findCaller = async (
  target: Target,
  { as, profile }: CallOptions,
  stack: LocalStackClient,
  env: Environment,
): Promise<Caller> => {
  if (as !== undefined) {
    if (profile !== undefined) throw usageFailure('--as and --profile cannot be combined.')
    return callerForIdentity(await stack.identity(as))
  }
  const { SNOWGATE_API: api, SNOWGATE_CALLER_ROLE_ARN: roleArn, SNOWGATE_EXTERNAL_ID: externalId } = env
  const callerRole = roleArn !== undefined && typeof target === 'string' ? { roleArn, externalId } : undefined
  return { ...(await awsSettings({ env, profile })), api, callerRole, awsEndpoint: awsEndpoint(env) }
}

interface ScopeOptions {
  readonly service: string | undefined
  readonly region: string | undefined
}

const scopeFor = (url: URL, caller: Caller, { service, region }: ScopeOptions) => {
  const hostScope = scopeOfHost(url.hostname)
  const regionName = region ?? hostScope?.region ?? caller.region
  if (regionName === undefined)
    throw usageFailure(`Cannot determine the region of ${url.host}.`, 'Pass --region, or set AWS_REGION.')
  return { service: service ?? hostScope?.service ?? 'execute-api', region: regionName }
}

const rejectFaultyKeys = ({ keys }: Caller) => {
  const fault = findCredentialsFault(keys, new Date())
  if (fault) throw new CommandFailure(fault.message, { remedy: fault.remedy })
}

/** The signing keys: of the role of --role-arn, else of the caller role, else the caller's own. */
const credentialsFor = async (
  caller: Caller,
  region: string,
  options: CallOptions,
  { stack, stderr }: Pick<CommandContext, 'stderr'> & { readonly stack: LocalStackClient },
) => {
  const { roleArn, externalId, sessionName = 'snowgate-call', duration } = options
  const ownRole = options.assume ? caller.callerRole : undefined
  const roleToAssume =
    roleArn === undefined
      ? ownRole && { ...ownRole, externalId: externalId ?? ownRole.externalId }
      : { roleArn, externalId }
  if (!roleToAssume) {
    if (externalId !== undefined) throw usageFailure('--external-id requires a role.', 'Pass --role-arn.')
    return caller.keys
  }
  const session = {
    sessionName,
    region: caller.region ?? region,
    ...(duration !== undefined && { durationSeconds: duration }),
  }
  try {
    return await assumeCallerRole(caller, roleToAssume, session)
  } catch (error) {
    if (options.explain && error instanceof AssumeRoleRejected) stderr.write(await explain(error.requestId, stack))
    throw error
  }
}

const requestOf = async (
  method: string,
  url: URL,
  { data, header }: CallOptions,
  context: CommandContext,
): Promise<RequestToSign> => {
  const body = await bodyOf(data, context)
  return {
    method,
    url,
    body,
    headers: {
      ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }),
      ...headersOf(header),
    },
  }
}

const explain = async (requestId: string | undefined, stack: LocalStackClient): Promise<string> => {
  if (requestId === undefined)
    throw new CommandFailure('The response has no request id. --explain works with the local stack only.')
  return renderDecision(await stack.decision(requestId))
}

const print = (answer: Answer, { json, include }: CallOptions, { stdout, isTerminal }: CommandContext) => {
  if (json) {
    const headers = Object.fromEntries(answer.headers.map(([name, value]) => [name.toLowerCase(), value]))
    const { status, body } = answer
    stdout.write(`${JSON.stringify({ status, headers, body: body.toString() }, null, 2)}\n`)
    return
  }
  if (include) stdout.write(`${[statusLine(answer), ...answer.headers.map(headerLine), ''].join('\n')}\n`)
  stdout.write(answer.body)
  if (isTerminal.stdout && answer.body.at(-1) !== 0x0a) stdout.write('\n')
}

const statusLine = ({ status, reason }: Answer) => `HTTP/1.1 ${status} ${reason}`
const headerLine = ([name, value]: readonly [string, string]) => `${name}: ${value}`

const requestHead = ({ method, target, headers }: SignedRequest) =>
  head('>', `${method} ${target} HTTP/1.1`, Object.entries(headers).map(withoutSecret))

const withoutSecret = ([name, value]: readonly [string, string]): readonly [string, string] => [
  name,
  name === 'x-amz-security-token' ? '…' : value.replace(/(Signature=)[0-9a-f]+/, '$1…'),
]

const head = (mark: '>' | '<', first: string, headers: readonly (readonly [string, string])[]) =>
  [first, ...headers.map(headerLine)].map((line) => `${mark} ${line}\n`).join('')
