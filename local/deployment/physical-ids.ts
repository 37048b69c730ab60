import type { Identifiers } from '../identifiers.ts'
import type { AccountAndRegion } from './deployed-resources.ts'
import { TemplateError } from './intrinsics.ts'

/** What CloudFormation knows of a resource once it exists: the value of `Ref`, and its attributes for `Fn::GetAtt`. */
export interface PhysicalId {
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

interface PhysicalIdContext {
  readonly location: AccountAndRegion & { readonly partition: string }
  readonly stackName: string
  readonly identifiers: Identifiers
}

type PhysicalIdRule = (
  /** A property that names the resource, already resolved; undefined when the template leaves it to CloudFormation. */
  property: (name: string) => string | undefined,
  /** The name CloudFormation would make up. */
  generated: string,
  surroundings: PhysicalIdContext,
) => PhysicalId

/**
 * The resource types that may stand in a template. Those without an entry in `deployment.ts` are created by CloudFormation
 * but change nothing for a request, so the local stack only names them.
 */
const physicalIdRules = new Map<string, PhysicalIdRule>([
  [
    'AWS::IAM::Role',
    (property, generated, { location, identifiers }) => {
      const name = property('RoleName') ?? generated
      const arn = `arn:${location.partition}:iam::${location.accountId}:role${property('Path') ?? '/'}${name}`
      return { ref: name, attributes: { Arn: arn, RoleId: identifiers.unique('AROA') } }
    },
  ],
  [
    'AWS::Lambda::Function',
    (property, generated, { location }) => {
      const name = property('FunctionName') ?? generated
      const arn = `arn:${location.partition}:lambda:${location.region}:${location.accountId}:function:${name}`
      return { ref: name, attributes: { Arn: arn } }
    },
  ],
  [
    'AWS::ApiGateway::RestApi',
    (_, __, { identifiers }) => {
      const id = identifiers.short(10)
      return { ref: id, attributes: { RestApiId: id, RootResourceId: identifiers.short(10) } }
    },
  ],
  [
    'AWS::Logs::LogGroup',
    (property, generated, { location }) => {
      const name = property('LogGroupName') ?? generated
      return {
        ref: name,
        attributes: {
          Arn: `arn:${location.partition}:logs:${location.region}:${location.accountId}:log-group:${name}:*`,
        },
      }
    },
  ],
  [
    'AWS::S3::Bucket',
    (property, generated, { location }) => {
      const name = property('BucketName') ?? generated.toLowerCase()
      return { ref: name, attributes: { Arn: `arn:${location.partition}:s3:::${name}` } }
    },
  ],
  [
    'AWS::DynamoDB::Table',
    (property, generated, { location }) => {
      const name = property('TableName') ?? generated
      const arn = `arn:${location.partition}:dynamodb:${location.region}:${location.accountId}:table/${name}`
      return { ref: name, attributes: { Arn: arn } }
    },
  ],
  ['AWS::ApiGateway::Resource', (_, __, { identifiers }) => ({ ref: identifiers.short(6), attributes: {} })],
  ['AWS::ApiGateway::Method', (_, generated) => ({ ref: generated, attributes: {} })],
  ['AWS::ApiGateway::Deployment', (_, __, { identifiers }) => ({ ref: identifiers.short(6), attributes: {} })],
  ['AWS::Lambda::EventInvokeConfig', (_, generated) => ({ ref: generated, attributes: {} })],
  ['AWS::Lambda::Permission', (_, generated) => ({ ref: generated, attributes: {} })],
  ['AWS::S3::BucketPolicy', (_, generated) => ({ ref: generated, attributes: {} })],
])

export const physicalId = (
  type: string,
  logicalId: string,
  property: (name: string) => string | undefined,
  context: PhysicalIdContext,
): PhysicalId => {
  const rule = physicalIdRules.get(type)
  if (!rule) throw new TemplateError(`Resources.${logicalId}: the local stack does not imitate ${type}`)
  // A resource that a later template has as well keeps its ids, whatever else comes and goes.
  const identifiers = context.identifiers.named(logicalId)
  return rule(property, `${context.stackName}-${logicalId}-${identifiers.short(12)}`, {
    ...context,
    identifiers,
  })
}
