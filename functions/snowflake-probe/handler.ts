import { processEnvironment } from '../../shared/aws/lambda-environment.ts'
import { createLambdaHandler, type Handler } from '../../shared/http/index.ts'
import type { RowMapping } from '../../shared/rows/parse-rows.ts'

/** In SQL: `snowflake_probe()`. */
const probeRow: RowMapping = { parameters: [], toInput: () => ({}) }

let handlerPromise: Promise<Handler> | undefined

const loadHandler = async () => (await import('./create-probe-handler.ts')).createProbeHandler(processEnvironment())

/** Created by the first request: a missing variable becomes an error response instead of a failed cold start. */
const handleRequest: Handler = async (input, context) => {
  handlerPromise ??= loadHandler()
  return (await handlerPromise)(input, context)
}

export const handler = createLambdaHandler(handleRequest, probeRow)
