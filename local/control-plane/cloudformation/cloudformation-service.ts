import { queryService } from '../query-service.ts'
import { describeStacks } from './describe-stacks.ts'
import { getTemplate } from './get-template.ts'
import { listStackResources } from './list-stack-resources.ts'

export const cloudformationService = queryService({
  service: 'cloudformation',
  namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: new Map([
    ['DescribeStacks', describeStacks],
    ['GetTemplate', getTemplate],
    ['ListStackResources', listStackResources],
  ]),
})
