import type { Xml } from '../../query-protocol/index.ts'
import type { StackResource } from '../../template/index.ts'
import type { QueryOperation } from '../query-service.ts'
import { stackAsked } from './stack-asked.ts'

/** Without a name, all there are. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export const describeStacks: QueryOperation = (given, call) => {
  const action = 'cloudformation:DescribeStacks'
  if (given.has('StackName')) return { Stacks: [shown(stackAsked(given, call, action))] }
  const { place, caller, deployment } = call
  call.demand({
    action,
    resource: `arn:${place.partition}:cloudformation:${place.region}:${caller.accountId}:stack/*/*`,
  })
  return { Stacks: deployment ? [shown(deployment.stack)] : [] }
}

const shown = ({ name, arn, deployedAt, outputs }: StackResource): Xml => ({
  StackId: arn,
  StackName: name,
  CreationTime: deployedAt.toISOString(),
  LastUpdatedTime: deployedAt.toISOString(),
  // osls creates a stack with a bucket in it, and updates that.
  StackStatus: 'UPDATE_COMPLETE',
  Capabilities: ['CAPABILITY_NAMED_IAM'],
  Outputs: outputs.map(({ key, value, description, exportName }) => ({
    OutputKey: key,
    OutputValue: value,
    Description: description,
    ExportName: exportName,
  })),
})
