import { type Client, type Journey, name, type Outcome } from './journey.ts'
import { runPython } from './python.ts'

const travel = (journey: Journey): Promise<Outcome> => runPython('boto3_requests.py', { ...journey, name })

export const boto3: Client = {
  name: 'boto3 + requests-aws4auth',
  calls: 'execute-api',
  shows: ['status', 'errorType'],
  travel,
}
