import type { CloudFormationStack } from '../../deployment/deployed-resources.ts'
import { type QueryOperation, queryService, type Xml } from '../../service/query-protocol.ts'
import { type OperationCall, OperationRejected } from '../../service/service-endpoint.ts'

/** The stack that `StackName` names, by name or by ARN, for a caller who may know it. */
const resolveStack = (
  parameters: ReadonlyMap<string, string>,
  call: OperationCall,
  action: string,
): CloudFormationStack => {
  const { location, deployment, caller, authorize } = call
  const stackName = parameters.get('StackName') ?? ''
  const stack = isStackNamed(deployment?.stack, stackName) ? deployment?.stack : undefined
  // O: github.com/aws-samples/aws-hpc-tutorials/issues/271
  const byName = `arn:${location.partition}:cloudformation:${location.region}:${caller.accountId}:stack/${stackName}/*`
  authorize({
    action,
    resource: stack?.arn ?? byName,
    resourceInMessage: stackName.startsWith('arn:') ? stackName : byName,
  })
  if (stack) return stack
  // O: github.com/localstack/localstack/issues/2179
  const message = `Stack with id ${stackName} does not exist`
  throw new OperationRejected({ status: 400, code: 'ValidationError', message }, { reason: message })
}

const isStackNamed = (stack: CloudFormationStack | undefined, stackName: string) =>
  stack?.name === stackName || stack?.arn === stackName

/** Without a name, all there are. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
const describeStacks: QueryOperation = (parameters, call) => {
  const action = 'cloudformation:DescribeStacks'
  if (parameters.has('StackName')) return { Stacks: [stackResponse(resolveStack(parameters, call, action))] }
  const { location, caller, deployment } = call
  call.authorize({
    action,
    resource: `arn:${location.partition}:cloudformation:${location.region}:${caller.accountId}:stack/*/*`,
  })
  return { Stacks: deployment ? [stackResponse(deployment.stack)] : [] }
}

const stackResponse = ({ name, arn, deployedAt, outputs }: CloudFormationStack): Xml => ({
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

/** Without transforms, both stages of a template are the same. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
const getTemplate: QueryOperation = (parameters, call) => {
  const { template } = resolveStack(parameters, call, 'cloudformation:GetTemplate')
  return { TemplateBody: JSON.stringify(template), StagesAvailable: ['Original', 'Processed'] }
}

/** All on one page. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
const listStackResources: QueryOperation = (parameters, call) => {
  const { resources, deployedAt } = resolveStack(parameters, call, 'cloudformation:ListStackResources')
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

export const cloudformationService = queryService({
  service: 'cloudformation',
  namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: new Map([
    ['DescribeStacks', describeStacks],
    ['GetTemplate', getTemplate],
    ['ListStackResources', listStackResources],
  ]),
})
