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
export { AccessMapError, type AccessMapProblem } from './access-map-error.ts'
export { isHttpRoute, isShut, routesOf, stageOf, trustedPrincipals } from './admission.ts'
export { lineOf } from './line-of.ts'
export {
  batchesTableName,
  doorRoleName,
  executionRoleName,
  lambdaFunctionName,
  partitionOf,
  partsOfArn,
  roleArn,
  serviceName,
} from './names.ts'
export { nearest } from './nearest.ts'
export { parseAccessMap, readAccessMap } from './parse-access-map.ts'
export { routeTable, routeText } from './routes.ts'
export { type SnowflakeNames, snowflakeNames } from './snowflake-names.ts'
export { type CallerDocument, type StageDocument, stageDocument, stageDocumentKey } from './stage-document.ts'
