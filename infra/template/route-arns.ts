import type { Route } from '../../shared/access/index.ts'
import { type Sub, sub } from './cloudformation.ts'
import { restApiId } from './logical-ids.ts'

/** One method of one path of the API. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html */
export const routeArn = (stageName: string, { method, path }: Route): Sub =>
  sub(
    `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${restApiId}}/${stageName}/${method}${path}`,
  )

/** The same without a reference to the API, for the API's own resource policy. */
export const ownRouteArn = (stageName: string, { method, path }: Route): string =>
  `execute-api:/${stageName}/${method}${path}`
