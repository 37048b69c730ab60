import type { QueryOperation } from '../query-service.ts'
import { stackAsked } from './stack-asked.ts'

/** All on one page. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
export const listStackResources: QueryOperation = (given, call) => {
  const { resources, deployedAt } = stackAsked(given, call, 'cloudformation:ListStackResources')
  return {
    StackResourceSummaries: resources.map(({ logicalId, physicalId, type }) => ({
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      LastUpdatedTimestamp: deployedAt.toISOString(),
      ResourceStatus: 'CREATE_COMPLETE',
    })),
  }
}
