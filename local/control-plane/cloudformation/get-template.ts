import type { QueryOperation } from '../query-service.ts'
import { stackAsked } from './stack-asked.ts'

/** Without transforms, both stages of a template are the same. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
export const getTemplate: QueryOperation = (given, call) => {
  const { template } = stackAsked(given, call, 'cloudformation:GetTemplate')
  return { TemplateBody: JSON.stringify(template), StagesAvailable: ['Original', 'Processed'] }
}
