/**
 * A name of ours as part of a logical id, which has letters and digits only. The rule is osls', so that ours stand beside
 * its own, and no two names become one: `snowflake-probe` is `SnowflakeDashprobe`.
 */
export const asLogicalId = (name: string): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replaceAll('-', 'Dash')

// Written by osls, which derives them from the names of functions.
export const restApiId = 'ApiGatewayRestApi'
export const functionId = (functionName: string): string => `${asLogicalId(functionName)}LambdaFunction`
export const logGroupId = (functionName: string): string => `${asLogicalId(functionName)}LogGroup`
export const apiPermissionId = (functionName: string): string =>
  `${asLogicalId(functionName)}LambdaPermissionApiGateway`

// Ours.
export const executionRoleId = (functionName: string): string => `${asLogicalId(functionName)}ExecutionRole`
export const batchesTableId = (functionName: string): string => `${asLogicalId(functionName)}BatchesTable`
export const doorRoleId = (callerName: string): string => `DoorRole${asLogicalId(callerName)}`
