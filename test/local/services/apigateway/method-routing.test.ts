import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ApiMethod } from '../../../../local/deployment/deployed-resources.ts'
import { findRoute } from '../../../../local/services/apigateway/method-routing.ts'
import { propertyRuns } from '../../../property-runs.ts'

const method = (route: string): ApiMethod => {
  const [httpMethod = '', resourcePath = ''] = route.split(' ')
  return {
    httpMethod,
    resourcePath,
    resourceId: 'abc123',
    authorization: 'AWS_IAM',
    functionArn: 'arn',
    integrationTimeout: 29_000,
  }
}

const routes = ['GET /', 'GET /a', 'POST /a/{id}', 'POST /a/b', 'POST /a/{id}/c', 'ANY /{proxy+}', 'PUT /only']

/** Rules recorded at the real service by the tests of github.com/localstack/localstack. */
const cases: readonly { claim: string; request: string; route?: string; parameters?: Record<string, string> | null }[] =
  [
    { claim: 'a literal path', request: 'GET /a', route: 'GET /a', parameters: null },
    { claim: 'the root', request: 'GET /', route: 'GET /', parameters: null },
    { claim: 'a trailing slash is ignored', request: 'GET /a/', route: 'GET /a', parameters: null },
    { claim: 'a literal segment beats a parameter', request: 'POST /a/b', route: 'POST /a/b', parameters: null },
    {
      claim: 'a parameter stays encoded',
      request: 'POST /a/x%2Fy%20z',
      route: 'POST /a/{id}',
      parameters: { id: 'x%2Fy%20z' },
    },
    { claim: 'a parameter in the middle', request: 'POST /a/7/c', route: 'POST /a/{id}/c', parameters: { id: '7' } },
    {
      claim: 'path and method match together: POST /a falls to the greedy ANY',
      request: 'POST /a',
      route: 'ANY /{proxy+}',
      parameters: { proxy: 'a' },
    },
    {
      claim: 'a greedy parameter takes all that is left',
      request: 'DELETE /x/y/z',
      route: 'ANY /{proxy+}',
      parameters: { proxy: 'x/y/z' },
    },
    { claim: 'names are case-sensitive', request: 'PUT /Only', route: 'ANY /{proxy+}', parameters: { proxy: 'Only' } },
  ]

for (const { claim, request, route, parameters } of cases) {
  test(`${claim}: ${request} is served by ${route}`, () => {
    const [httpMethod = '', path = ''] = request.split(' ')
    const match = findRoute(routes.map(method), httpMethod, path)
    assert.equal(match && `${match.method.httpMethod} ${match.method.resourcePath}`, route)
    assert.deepEqual(match?.pathParameters && { ...match.pathParameters }, parameters)
  })
}

test('without a greedy route, a longer path, a shorter one and another method are unknown', () => {
  const few = ['POST /hello', 'GET /a/{id}'].map(method)
  for (const request of [
    'POST /',
    'POST /hello/there',
    'GET /hello',
    'GET /a',
    'GET /a/b/c',
    'OPTIONS /hello',
    'HEAD /hello',
    'POST /hello.',
  ]) {
    const [httpMethod = '', path = ''] = request.split(' ')
    assert.equal(findRoute(few, httpMethod, path), undefined, request)
  }
})

test('no path throws, and none but /hello reaches /hello', () => {
  const hello = [method('POST /hello')]
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webPath()), (path) => {
      const match = findRoute(hello, 'POST', `/${path}`)
      assert.equal(match !== undefined, /^\/*hello\/?$/.test(`/${path}`))
    }),
    { numRuns: propertyRuns(2_000) },
  )
})
