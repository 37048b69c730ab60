import type { Deployment } from '../template/index.ts'

/** The host name under which AWS would serve the API. */
export const domainNameOf = ({ api, place }: Pick<Deployment, 'api' | 'place'>): string =>
  `${api.id}.execute-api.${place.region}.${place.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`
