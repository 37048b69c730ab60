export type {
  AccessMap,
  AccountCaller,
  Caller,
  DirectCaller,
  HttpMethod,
  HttpRoute,
  Route,
  SnowflakeCaller,
  Stage,
} from './access-map.ts'
export { isHttpRoute, isPending, routesOf, stageOf, trustedPrincipals } from './access-map.ts'
export { AccessMapError, type AccessMapProblem } from './access-map-error.ts'
export {
  batchesTableName,
  callerRoleName,
  executionRoleName,
  lambdaFunctionName,
  parseArn,
  partitionOf,
  roleArn,
  serviceName,
} from './aws-names.ts'
export { closestMatch } from './closest-match.ts'
export { parseAccessMap, readAccessMap } from './parse-access-map.ts'
export { lineOf } from './read-yaml.ts'
export { routeTable, routeText } from './routes.ts'
export { type SnowflakeNames, snowflakeNames } from './snowflake-names.ts'
export { type CallerDocument, type StageDocument, stageDocument, stageDocumentKey } from './stage-document.ts'
