import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scopeOfHost } from '../../../cli/call/host-scope.ts'

const hosts: readonly (readonly [host: string, service: string | undefined, region: string | undefined])[] = [
  ['abc123.execute-api.eu-central-1.amazonaws.com', 'execute-api', 'eu-central-1'],
  ['abc123.execute-api.cn-north-1.amazonaws.com.cn', 'execute-api', 'cn-north-1'],
  ['abc123.execute-api.us-gov-west-1.amazonaws.com', 'execute-api', 'us-gov-west-1'],
  ['db.cluster-x.ap-northeast-1.neptune.amazonaws.com', 'neptune-db', 'ap-northeast-1'],
  ['abc123.lambda-url.eu-west-1.on.aws', 'lambda', 'eu-west-1'],
  ['sts.eu-central-1.amazonaws.com', 'sts', 'eu-central-1'],
  ['api.example.org', undefined, undefined],
  ['127.0.0.1', undefined, undefined],
  ['execute-api.eu-central-1.amazonaws.com.example.org', undefined, undefined],
]

for (const [host, service, region] of hosts) {
  test(`${host} is ${service === undefined ? 'unknown' : `${service} in ${region}`}`, () => {
    assert.deepEqual(scopeOfHost(host), service === undefined ? undefined : { service, region })
  })
}
