import type * as z from 'zod'
import { partitionOf, stageDocumentKey } from '../../shared/access/index.ts'
import type { Identifiers } from '../identifiers.ts'
import type {
  AccountAndRegion,
  ApiMethod,
  ApiResource,
  DeployedResources,
  FunctionResource,
  RolePolicy,
  RoleResource,
  StackOutput,
  TableResource,
} from './deployed-resources.ts'
import { evaluateCondition, noValue, resolve, TemplateError, type TemplateLookup } from './intrinsics.ts'
import { type PhysicalId, physicalId } from './physical-ids.ts'
import * as properties from './resource-properties.ts'

interface TemplateContext {
  readonly location: AccountAndRegion
  readonly stackName: string
  readonly identifiers: Identifiers
  readonly now: Date
}

interface TemplateResource<Properties> {
  readonly logicalId: string
  readonly id: PhysicalId
  readonly properties: Properties
}

type ResourcesOf = <Schema extends z.ZodType>(type: string, schema: Schema) => TemplateResource<z.output<Schema>>[]

/**
 * Reads a compiled CloudFormation template as if it had been deployed to the given account and region. Throws one TemplateError that
 * names the first thing it cannot imitate; nothing is skipped in silence.
 */
export const readTemplate = (
  template: unknown,
  { location: { accountId, region }, stackName, identifiers, now }: TemplateContext,
): DeployedResources => {
  const location = { accountId, region, partition: partitionOf(region) }
  const { Resources, Conditions, Parameters, Outputs, Metadata } = parseProperties(
    properties.template,
    template,
    'template',
  )

  const stackArn = `arn:${location.partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${identifiers.named(stackName).uuid()}`
  const pseudoParameters = new Map<string, unknown>([
    ['AWS::AccountId', accountId],
    ['AWS::Region', region],
    ['AWS::Partition', location.partition],
    ['AWS::URLSuffix', location.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'],
    ['AWS::StackName', stackName],
    ['AWS::StackId', stackArn],
    ['AWS::NoValue', noValue],
  ])
  const inProgress = new Set<string>()
  const once = <Value>(cache: Map<string, Value>, kind: string, name: string, make: () => Value): Value => {
    const cached = cache.get(name)
    if (cached !== undefined) return cached
    if (inProgress.has(`${kind} ${name}`)) throw new TemplateError(`${kind} ${name} refers to itself`)
    inProgress.add(`${kind} ${name}`)
    const value = make()
    cache.set(name, value)
    return value
  }

  const conditions = new Map<string, boolean>()
  const ids = new Map<string, PhysicalId>()
  const idOf = (logicalId: string): PhysicalId | undefined => {
    const resource = Resources.get(logicalId)
    if (!resource) return undefined
    const property = (name: string) => {
      const value = resolve(resource.Properties[name], `Resources.${logicalId}.Properties.${name}`, lookup)
      return typeof value === 'string' ? value : undefined
    }
    return once(ids, 'resource', logicalId, () =>
      physicalId(resource.Type, logicalId, property, { location, stackName, identifiers }),
    )
  }
  const lookup: TemplateLookup = {
    ref: (name) => pseudoParameters.get(name) ?? Parameters.get(name)?.Default ?? idOf(name)?.ref,
    attribute: (logicalId, attribute) => idOf(logicalId)?.attributes[attribute],
    condition: (name) =>
      once(conditions, 'condition', name, () => evaluateCondition(Conditions.get(name), `Conditions.${name}`, lookup)),
  }

  const isCreated = ({ Condition }: { readonly Condition?: string | undefined }) =>
    Condition === undefined || lookup.condition(Condition)
  const resourcesOf: ResourcesOf = (type, schema) =>
    [...Resources]
      .filter(([, resource]) => resource.Type === type && isCreated(resource))
      .map(([logicalId, resource]) => {
        const at = `Resources.${logicalId}.Properties`
        const id = idOf(logicalId) ?? { ref: logicalId, attributes: {} }
        return { logicalId, id, properties: parseProperties(schema, resolve(resource.Properties, at, lookup), at) }
      })

  // Every resource gets its name, so that an unsupported type is rejected even when nothing refers to it.
  for (const logicalId of Resources.keys()) idOf(logicalId)
  const created = [...Resources]
    .filter(([, resource]) => isCreated(resource))
    .map(([logicalId, { Type }]) => ({ logicalId, physicalId: idOf(logicalId)?.ref ?? logicalId, type: Type }))
  const outputs = [...Outputs]
    .filter(([, output]) => isCreated(output))
    .map(([key, output]) => readOutput(key, resolve(output, `Outputs.${key}`, lookup)))
  resourcesOf('AWS::Lambda::EventInvokeConfig', properties.eventInvokeConfig)
  return {
    location,
    stack: { name: stackName, arn: stackArn, deployedAt: now, template, resources: created, outputs },
    ...readApi(resourcesOf, location),
    functions: readFunctions(resourcesOf),
    roles: readRoles(resourcesOf),
    tables: readTables(resourcesOf),
    stageDocument: Metadata[stageDocumentKey],
  }
}

const readOutput = (key: string, output: unknown): StackOutput => {
  const { Value, Description, Export } = parseProperties(properties.output, output, `Outputs.${key}`)
  return {
    key,
    value: Value,
    ...(Description !== undefined && { description: Description }),
    ...(Export && { exportName: Export.Name }),
  }
}

const readApi = (
  resourcesOf: ResourcesOf,
  location: DeployedResources['location'],
): Pick<DeployedResources, 'api' | 'savedApi'> => {
  const api = requireOne(resourcesOf('AWS::ApiGateway::RestApi', properties.restApi), 'AWS::ApiGateway::RestApi')
  const deployment = requireOne(
    resourcesOf('AWS::ApiGateway::Deployment', properties.deployment),
    'AWS::ApiGateway::Deployment',
  )
  const tree = new Map(
    resourcesOf('AWS::ApiGateway::Resource', properties.apiResource).map(({ id, properties }) => [id.ref, properties]),
  )
  const pathOf = (resourceId: string): string => {
    const resource = tree.get(resourceId)
    return resource ? `${pathOf(resource.ParentId)}/${resource.PathPart}` : ''
  }
  const arnPrefix = `arn:${location.partition}:execute-api:${location.region}:${location.accountId}:${api.id.ref}`
  const { Name, EndpointConfiguration, Policy, BinaryMediaTypes } = api.properties
  const root: ApiResource = { id: api.id.attributes['RootResourceId'] ?? '', path: '/' }
  const definition = {
    binaryMediaTypes: BinaryMediaTypes,
    // Saving a policy expands its short resources (`execute-api:/stage/…`) to full ARNs.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
    ...(Policy && {
      resourcePolicy: { name: 'resource policy of the API', document: expandResources(Policy, arnPrefix) },
    }),
    methods: resourcesOf('AWS::ApiGateway::Method', properties.method).map(
      ({ properties: method }): ApiMethod => ({
        httpMethod: method.HttpMethod,
        resourceId: method.ResourceId,
        resourcePath: pathOf(method.ResourceId) || '/',
        authorization: method.AuthorizationType,
        functionArn: method.Integration.Uri.replace(/^.*\/functions\/(.*)\/invocations$/, '$1'),
        integrationTimeout: method.Integration.TimeoutInMillis,
      }),
    ),
  }
  return {
    api: {
      id: api.id.ref,
      stage: deployment.properties.StageName,
      deploymentId: deployment.id.ref,
      ...definition,
    },
    // CloudFormation deploys what it has just saved.
    savedApi: {
      name: Name,
      endpointType: EndpointConfiguration.Types[0],
      resources: [
        root,
        ...[...tree].map(([id, { ParentId, PathPart }]) => ({
          id,
          path: pathOf(id),
          parentId: ParentId,
          pathPart: PathPart,
        })),
      ],
      ...definition,
    },
  }
}

const expandResources = (policy: Record<string, unknown>, arnPrefix: string): unknown => {
  const expand = (resource: unknown): unknown =>
    Array.isArray(resource)
      ? resource.map(expand)
      : typeof resource === 'string'
        ? resource.replace(/^execute-api:/, `${arnPrefix}`)
        : resource
  const { Statement } = policy
  const statements = Array.isArray(Statement) ? Statement : [Statement]
  return {
    ...policy,
    Statement: statements.map((statement) => ({ ...statement, Resource: expand(statement.Resource) })),
  }
}

const readFunctions = (resourcesOf: ResourcesOf): FunctionResource[] => {
  const permissions = resourcesOf('AWS::Lambda::Permission', properties.permission)
  return resourcesOf('AWS::Lambda::Function', properties.lambdaFunction).map(({ id, properties: fn }) => {
    const arn = id.attributes['Arn'] ?? ''
    const own = permissions.filter(
      ({ properties: { FunctionName } }) => FunctionName === arn || FunctionName === id.ref,
    )
    return {
      name: id.ref,
      arn,
      handler: fn.Handler,
      runtime: fn.Runtime,
      memorySize: fn.MemorySize,
      timeout: fn.Timeout,
      environment: fn.Environment.Variables,
      roleArn: fn.Role,
      packageFile: fn.Code.S3Key.replace(/^.*\//, ''),
      ...(own.length > 0 && {
        resourcePolicy: {
          name: `resource policy of function ${id.ref}`,
          document: {
            Version: '2012-10-17',
            Id: 'default',
            Statement: own.map((permission) => permissionStatement(permission, arn)),
          },
        },
      }),
    }
  })
}

/** The statement that `lambda add-permission` writes for these properties. */
const permissionStatement = (
  { logicalId, properties: permission }: TemplateResource<z.output<typeof properties.permission>>,
  arn: string,
) => {
  const { Action, Principal, SourceArn, SourceAccount } = permission
  return {
    Sid: logicalId,
    Effect: 'Allow',
    Principal: /\.amazonaws\.com(\.cn)?$/.test(Principal) ? { Service: Principal } : { AWS: Principal },
    Action,
    Resource: arn,
    ...((SourceArn ?? SourceAccount) && {
      Condition: {
        ...(SourceArn && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
        ...(SourceAccount && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
      },
    }),
  }
}

const readRoles = (resourcesOf: ResourcesOf): RoleResource[] =>
  resourcesOf('AWS::IAM::Role', properties.role).map(({ id, properties: role }) => ({
    name: id.ref,
    path: role.Path,
    arn: id.attributes['Arn'] ?? '',
    trustPolicy: { name: `trust policy of role ${id.ref}`, document: role.AssumeRolePolicyDocument },
    identityPolicies: role.Policies.map(
      ({ PolicyName, PolicyDocument }): RolePolicy => ({
        policyName: PolicyName,
        name: `policy ${PolicyName} of role ${id.ref}`,
        document: PolicyDocument,
      }),
    ),
    maxSessionDuration: role.MaxSessionDuration,
    tags: Object.fromEntries(role.Tags.map(({ Key, Value }) => [Key, Value])),
  }))

const readTables = (resourcesOf: ResourcesOf): TableResource[] =>
  resourcesOf('AWS::DynamoDB::Table', properties.table).map(({ id, properties: table }) => {
    const { KeySchema, AttributeDefinitions, BillingMode, TimeToLiveSpecification } = table
    return {
      definition: { TableName: id.ref, KeySchema, AttributeDefinitions, BillingMode },
      ...(TimeToLiveSpecification && { timeToLiveAttribute: TimeToLiveSpecification.AttributeName }),
    }
  })

const requireOne = <Item>(items: readonly Item[], type: string): Item => {
  const [first, ...more] = items
  if (!first || more.length > 0) {
    throw new TemplateError(`Resources: the local stack takes exactly one ${type}, the template has ${items.length}`)
  }
  return first
}

const parseProperties = <Schema extends z.ZodType>(schema: Schema, value: unknown, at: string): z.output<Schema> => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = [at, ...(issue?.path ?? [])].join('.')
  throw new TemplateError(`${path}: ${issue?.message ?? 'not as expected'}`)
}
