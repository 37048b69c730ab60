import type { Deployment } from '../../template/index.ts'
import { secondsOf } from './api-asked.ts'

/** As API Gateway shows an API: what was saved last, which its stage need not serve yet. */
export const restApiShown = ({ api, savedApi, stack }: Deployment) => {
  const { name, endpointType, resources, binaryMediaTypes, resourcePolicy } = savedApi
  return {
    id: api.id,
    name,
    createdDate: secondsOf(stack.deployedAt),
    ...(binaryMediaTypes.length > 0 && { binaryMediaTypes }),
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: [endpointType] },
    ...(resourcePolicy && { policy: escapedDocument(resourcePolicy.document) }),
    disableExecuteApiEndpoint: false,
    rootResourceId: resources[0]?.id,
  }
}

/**
 * The policy is a text whose quotes and slashes have backslashes of their own, as within a text of JSON.
 * O: github.com/hashicorp/terraform-provider-aws/issues/4397, github.com/localstack/localstack/issues/3325
 */
const escapedDocument = (document: unknown): string => JSON.stringify(document).replace(/["\\/]/g, '\\$&')
