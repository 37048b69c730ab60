import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandFailure } from '../../../cli/command-failure.ts'
import { parseDeployedApi } from '../../../cli/deploy/deployed-api.ts'

const account = '111111111111'

const right = [
  ['https://abc123.execute-api.eu-central-1.amazonaws.com/dev', 'eu-central-1'],
  ['https://abc123.execute-api.eu-central-1.amazonaws.com/dev/', 'eu-central-1'],
  ['https://abc123.execute-api.us-gov-west-1.amazonaws.com/dev', 'us-gov-west-1'],
  ['https://abc123.execute-api.cn-north-1.amazonaws.com.cn/dev', 'cn-north-1'],
] as const

for (const [url, region] of right) {
  test(`${url} is in ${region}`, () => {
    const api = parseDeployedApi(url, account)
    assert.deepEqual([api.url, api.region, api.stage], [url.replace(/\/$/, ''), region, 'dev'])
    assert.equal(api.url, `https://${api.host}/dev`)
  })
}

const wrong = [
  ['', account],
  ['abc123.execute-api.eu-central-1.amazonaws.com/dev', account],
  ['http://abc123.execute-api.eu-central-1.amazonaws.com/dev', account],
  ['https://api.example.com/dev', account],
  ['https://abc123.execute-api.eu-central-1.amazonaws.com', account],
  ['https://abc123.execute-api.eu-central-1.amazonaws.com/dev/hello', account],
  [`https://abc123.execute-api.eu-central-1.amazonaws.com/dev'); DROP`, account],
  ['https://abc123.execute-api.eu-central-1.amazonaws.com.example.org/dev', account],
  ['https://abc123.execute-api.eu-central-1.amazonaws.com/dev', '1111-1111-1111'],
] as const

for (const [url, accountId] of wrong) {
  test(`rejected: ${url} in ${accountId}`, () => {
    assert.throws(
      () => parseDeployedApi(url, accountId),
      (error: unknown) => error instanceof CommandFailure && error.exitCode === 2,
    )
  })
}
