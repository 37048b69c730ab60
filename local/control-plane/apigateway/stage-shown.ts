import type { Deployment } from '../../template/index.ts'
import { secondsOf } from './api-asked.ts'

export const stageShown = ({ api, stack }: Deployment) => ({
  deploymentId: api.deploymentId,
  stageName: api.stage,
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  methodSettings: {},
  tracingEnabled: false,
  createdDate: secondsOf(stack.deployedAt),
  lastUpdatedDate: secondsOf(stack.deployedAt),
})
