import type { SnowflakeLogin } from '../snowflake/index.ts'
import type { Target } from '../targets/index.ts'

/** The trust map: who may call in and what may be called out, stage by stage. Keys are outside input, so all levels are Maps. */
export type AccessMap = ReadonlyMap<string, Stage>

export interface Stage {
  readonly callers: ReadonlyMap<string, Caller>
  /** Empty: nothing may be called out. */
  readonly targets: ReadonlyMap<string, Target>
  /** Absent: the service logs in to no Snowflake. */
  readonly snowflake?: SnowflakeLogin
}

export type Caller = SnowflakeCaller | AccountCaller | DirectCaller

/** Snowflake's IAM user enters through a door role. Without that user's ARN, known only in step two, the door is shut. */
export interface SnowflakeCaller {
  readonly kind: 'snowflake'
  readonly iamUserArn?: string
  /** One for each integration that shares the door; never empty once `iamUserArn` is there. */
  readonly externalIds: readonly string[]
  readonly routes: readonly Route[]
}

/** Named roles and users of AWS accounts enter through a door role. */
export interface AccountCaller {
  readonly kind: 'account'
  readonly principals: readonly string[]
  /** Empty: the trust asks for none. */
  readonly externalIds: readonly string[]
  readonly routes: readonly Route[]
}

/** Named roles and users sign with their own credentials: there is no door role. */
export interface DirectCaller {
  readonly kind: 'direct'
  readonly principals: readonly string[]
  readonly routes: readonly Route[]
}

export type HttpMethod = 'GET' | 'PUT' | 'POST'

/** `INVOKE` is no HTTP method: it stands for `lambda:InvokeFunction` on the function behind the path. */
export interface Route {
  readonly method: HttpMethod | 'INVOKE'
  /** `/hello`, without the stage. */
  readonly path: string
  readonly functionName: string
  /** Batches of Snowflake's may outlast the gateway: POST answers 202, and GET asks for what came of them. */
  readonly asynchronous?: true
}

export interface HttpRoute extends Route {
  readonly method: HttpMethod
}
