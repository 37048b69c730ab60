export { createLambdaHandler, type Handler, type RequestContext } from './create-lambda-handler.ts'
export { isJsonObject, parseJson } from './exact-json.ts'
export { lambdaResponseLimit } from './lambda-response.ts'
