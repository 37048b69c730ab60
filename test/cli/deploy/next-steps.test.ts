import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextSteps } from '../../../cli/deploy/next-steps.ts'
import { parseAccessMap, stageOf } from '../../../shared/access/index.ts'

const stage = stageOf(
  parseAccessMap(`prod:
  callers:
    snowflake: {routes: [POST /hello]}
    analytics: {principals: ["arn:aws:iam::222222222222:role/A"], externalIds: [id-1], routes: [INVOKE /hello, GET /hello]}
    reporting: {principals: ["arn:aws:iam::444444444444:role/R"], direct: true, routes: [POST /invoke]}
    worker: {principals: ["arn:aws:iam::555555555555:role/W"], routes: [INVOKE /hello]}
  targets:
    graph: {url: "https://graph.example.com", service: es, region: eu-west-1, allow: [GET /status]}
`),
  'prod',
)
const apiUrl = 'https://abc123.execute-api.us-gov-west-1.amazonaws.com/prod'

test('on AWS each caller gets a command for its own credentials, in the partition of the stage', () => {
  const deployed = { accountId: '111111111111', region: 'us-gov-west-1', apiUrl }
  assert.deepEqual(nextSteps({ stage, stageName: 'prod', flags: ['--profile work'], deployed }), [
    { caller: 'snowflake', command: 'npx snowgate setup --stage prod --caller snowflake --profile work --aws' },
    {
      caller: 'analytics',
      command: `npx snowgate call GET ${apiUrl}/hello --profile <profile of analytics> --role-arn arn:aws-us-gov:iam::111111111111:role/snowgate-prod-analytics --external-id id-1`,
    },
    {
      caller: 'reporting',
      command: `npx snowgate call POST ${apiUrl}/invoke -d '{}' --profile <profile of reporting>`,
    },
    { caller: 'worker', command: 'aws lambda invoke (as worker, which has no API route)' },
  ])
})

test('on the local stack each caller is a local identity; an unknown URL is a placeholder', () => {
  const local = { accountId: '111111111111', region: 'eu-central-1', apiUrl, localUrl: 'http://127.0.0.1:4566' }
  assert.deepEqual(
    nextSteps({ stage, stageName: 'prod', flags: [], deployed: local }).map(({ command }) => command),
    [
      'npx snowgate setup --stage prod --caller snowflake',
      'npx snowgate call --as analytics GET /hello',
      "npx snowgate call --as reporting POST /invoke -d '{}'",
      'aws lambda invoke (as worker, which has no API route)',
    ],
  )
  const unknown = { accountId: '111111111111', region: 'eu-central-1', apiUrl: undefined }
  const [, analytics] = nextSteps({ stage, stageName: 'prod', flags: [], deployed: unknown })
  assert.match(
    analytics?.command ?? '',
    /call GET https:\/\/<api>\.execute-api\.eu-central-1\.amazonaws\.com\/prod\/hello /,
  )
})
