import type { NamedPolicy } from '../iam/index.ts'

/** Where a template is imagined to be deployed. */
export interface Place {
  readonly accountId: string
  readonly region: string
}

/** What the compiled template would create, as far as the local stack imitates it. */
export interface Deployment {
  readonly place: Place & { readonly partition: string }
  readonly api: RestApi
  readonly functions: readonly FunctionResource[]
  readonly roles: readonly RoleResource[]
  readonly tables: readonly TableResource[]
  /** The stage of the map that the template says it was compiled from. */
  readonly stageDocument: unknown
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

export interface ApiMethod {
  readonly httpMethod: string
  /** `/pets/{id}` */
  readonly resourcePath: string
  readonly resourceId: string
  readonly authorization: 'AWS_IAM' | 'NONE'
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
  readonly expiryAttribute?: string
}

export interface RoleResource {
  readonly name: string
  /** `/` unless the template says otherwise. */
  readonly path: string
  readonly arn: string
  readonly trustPolicy: NamedPolicy
  readonly identityPolicies: readonly NamedPolicy[]
  /** Seconds, 3,600 to 43,200. */
  readonly maxSessionDuration: number
  readonly tags: Readonly<Record<string, string>>
}
