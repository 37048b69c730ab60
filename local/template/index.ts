export type {
  ApiMethod,
  ApiResource,
  Deployment,
  FunctionResource,
  Place,
  RestApi,
  RolePolicy,
  RoleResource,
  SavedApi,
  StackResource,
  TableResource,
} from './deployment.ts'
export { TemplateError } from './intrinsics.ts'
export { readDeployment } from './read-deployment.ts'
