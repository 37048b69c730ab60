import type { NamedPolicy } from '../iam/index.ts'

/** Where a template is imagined to be deployed. */
export interface AccountAndRegion {
  readonly accountId: string
  readonly region: string
}

/** The supported resources of the compiled template. */
export interface DeployedResources {
  readonly location: AccountAndRegion & { readonly partition: string }
  readonly stack: CloudFormationStack
  /** What the stage of the API serves. */
  readonly api: RestApi
  /** What the API was last saved as: a stage goes on serving what was deployed to it. */
  readonly savedApi: SavedApi
  readonly functions: readonly FunctionResource[]
  readonly roles: readonly RoleResource[]
  readonly tables: readonly TableResource[]
  /** The stage of the map that the template says it was compiled from. */
  readonly stageDocument: unknown
}

/** The CloudFormation stack that the template is of. */
export interface CloudFormationStack {
  readonly name: string
  readonly arn: string
  readonly deployedAt: Date
  /** The template as it was uploaded. */
  readonly template: unknown
  readonly resources: readonly StackResource[]
  readonly outputs: readonly StackOutput[]
}

export interface StackResource {
  readonly logicalId: string
  readonly physicalId: string
  /** `AWS::IAM::Role` */
  readonly type: string
}

export interface StackOutput {
  readonly key: string
  readonly value: string
  readonly description?: string
  readonly exportName?: string
}

/** One REST API deployed to one stage. */
export interface RestApi {
  readonly id: string
  readonly stage: string
  readonly deploymentId: string
  readonly resourcePolicy?: NamedPolicy
  readonly binaryMediaTypes: readonly string[]
  readonly methods: readonly ApiMethod[]
}

/** The API as it is edited. */
export interface SavedApi extends Pick<RestApi, 'resourcePolicy' | 'binaryMediaTypes' | 'methods'> {
  readonly name: string
  readonly endpointType: 'REGIONAL' | 'EDGE' | 'PRIVATE'
  /** The root first. */
  readonly resources: readonly ApiResource[]
}

export interface ApiResource {
  readonly id: string
  /** `/pets/{id}` */
  readonly path: string
  /** The root has neither. */
  readonly parentId?: string
  readonly pathPart?: string
}

export interface ApiMethod {
  readonly httpMethod: string
  /** `/pets/{id}` */
  readonly resourcePath: string
  readonly resourceId: string
  readonly authorization: 'AWS_IAM' | 'NONE'
  /** Besides the signature. There are no usage plans here, so it rejects all callers. */
  readonly apiKeyRequired?: true
  /** The function of the proxy integration, by ARN. */
  readonly functionArn: string
  /** Milliseconds; API Gateway's own ceiling is 29,000. */
  readonly integrationTimeout: number
}

export interface FunctionResource {
  readonly name: string
  readonly arn: string
  readonly handler: string
  readonly runtime: string
  /** MB */
  readonly memorySize: number
  /** Seconds */
  readonly timeout: number
  readonly environment: Readonly<Record<string, string>>
  readonly roleArn: string
  /** Absent: outside of any VPC. */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] }
  /** How many environments it may have at once; absent: as many as there are. */
  readonly reservedConcurrency?: number
  /** Last part of the S3 key of the deployment package: `hello.zip`. */
  readonly packageFile: string
  /** All its AWS::Lambda::Permission resources as one policy; absent when it has none. */
  readonly resourcePolicy?: NamedPolicy
}

export interface TableResource {
  /** As CreateTable takes it. */
  readonly definition: {
    readonly TableName: string
    readonly KeySchema: readonly { readonly AttributeName: string }[]
    readonly AttributeDefinitions: unknown
    readonly BillingMode: 'PAY_PER_REQUEST'
  }
  /** Holds the second, counted since 1970, from which an item may be deleted; absent when items stay. */
  readonly timeToLiveAttribute?: string
}

export interface RoleResource {
  readonly name: string
  /** `/` unless the template says otherwise. */
  readonly path: string
  readonly arn: string
  readonly trustPolicy: NamedPolicy
  readonly identityPolicies: readonly RolePolicy[]
  /** Seconds, 3,600 to 43,200. */
  readonly maxSessionDuration: number
  readonly tags: Readonly<Record<string, string>>
}

export interface RolePolicy extends NamedPolicy {
  /** What the role has it under; absent where the role is of no template. */
  readonly policyName?: string
}
