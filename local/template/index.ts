export type {
  ApiMethod,
  Deployment,
  FunctionResource,
  Place,
  RestApi,
  RoleResource,
  TableResource,
} from './deployment.ts'
export { TemplateError } from './intrinsics.ts'
export { readDeployment } from './read-deployment.ts'
