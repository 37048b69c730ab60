import { type Client, type ClientCall, type ClientResult, name } from './client-call.ts'
import { runPython } from './run-python.ts'

const run = (call: ClientCall): Promise<ClientResult> => runPython('boto3_requests.py', { ...call, name })

export const boto3: Client = {
  name: 'boto3 + requests-aws4auth',
  calls: 'execute-api',
  reportedFields: ['status', 'errorType'],
  run,
}
