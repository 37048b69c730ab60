import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedService } from '../../../local/sigv4/index.ts'
import { presignedBySmithy, signedByAws4, signedBySmithy, wireRequest } from './foreign-signers.ts'

const authorized = (value: string) => wireRequest({ rawHeaders: ['authorization', value] })

test('the service is read from either form, of either signer', async () => {
  assert.equal(signedService(await signedBySmithy({}, { service: 'sts' })), 'sts')
  assert.equal(signedService(await presignedBySmithy({}, { service: 'lambda' })), 'lambda')
  assert.equal(signedService(signedByAws4({ target: '/' }, { service: 'ssm' })), 'ssm')
  assert.equal(signedService(signedByAws4({ target: '/a?b' }, { service: 'ssm', signQuery: true })), 'ssm')
})

const cases: readonly (readonly [
  title: string,
  request: ReturnType<typeof wireRequest>,
  service: string | undefined,
])[] = [
  ['an unsigned request names none', wireRequest(), undefined],
  ['Bearer names none', authorized('Bearer a/b/c/d/aws4_request'), undefined],
  ['a credential without scope names none', authorized('AWS4-HMAC-SHA256 Credential=AKID'), undefined],
  ['an empty service is none', authorized('AWS4-HMAC-SHA256 Credential=a/b/c//aws4_request'), undefined],
  ['a wrong terminator does not hide it', authorized('AWS4-HMAC-SHA256 Credential=a/b/c/sts/x'), 'sts'],
  ['SigV4a has it without a region', authorized('AWS4-ECDSA-P256-SHA256 Credential=a/b/sts/aws4_request'), 'sts'],
  ['a key id with slashes does not move it', authorized('AWS4-HMAC-SHA256 Credential=x/a/b/c/sts/aws4_request'), 'sts'],
  [
    'the header wins over the query',
    { ...authorized('Bearer x'), target: '/?X-Amz-Credential=a/b/c/sts/x' },
    undefined,
  ],
  [
    'a malformed query is parsed up to the error',
    wireRequest({ target: '/?%zz&X-Amz-Credential=a%2Fb/c/sts/x' }),
    'sts',
  ],
]

for (const [title, request, service] of cases) {
  test(title, () => {
    assert.equal(signedService(request), service)
  })
}
