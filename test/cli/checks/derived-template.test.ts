import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { derive, NotDerivable } from '../../../cli/checks/derived-template.ts'
import { compareTemplates } from '../../../cli/checks/template-comparison.ts'
import { compile, temporaryFolder } from '../../infra/compile.ts'
import { readTemplate } from '../../infra/template/compiled-template.ts'
import { serviceMap } from '../../service-map.ts'

const otherMaps = join(import.meta.dirname, '..', '..', 'infra', 'template', 'maps.yml')
const region = 'eu-central-1'

const compiled = async (stage: string, accessMap: string) => {
  const { Resources } = await readTemplate(await compile({ stage, accessMap, region }))
  return { Resources, Metadata: {} }
}

const stages: readonly (readonly [string, string])[] = [
  ...['dev', 'stg', 'prod'].map((stage) => [stage, serviceMap] as const),
  ...['mixed', 'invoked', 'keyed', 'tokened'].map((stage) => [stage, otherMaps] as const),
]

for (const [stage, access] of stages) {
  test(`the template derived from ${stage} equals the one that osls compiles`, async () => {
    assert.deepEqual(compareTemplates(await derive({ stage, access, region }), await compiled(stage, access)), [])
  })
}

test('each setting that differs from the compiled one is a line', async () => {
  const derived = await derive({ stage: 'dev', access: serviceMap, region })
  const template = await compiled('dev', serviceMap)
  const [first] = derived.functions
  const changed = {
    ...derived,
    functions: derived.functions.map((fn) =>
      fn === first ? { ...fn, memorySize: 1, timeout: 2, handler: 'x', role: {}, environment: { A: 'b' } } : fn,
    ),
    resourcePolicy: derived.resourcePolicy.slice(1),
  }
  const paths = compareTemplates(changed, template).map((line) => line.replace(/: expected .*/, ''))
  for (const setting of ['Handler', 'Role.Fn::Sub', 'Timeout', 'MemorySize', 'Environment.A']) {
    assert.ok(paths.includes(`function snowgate-dev-hello.${setting}`), paths.join('\n'))
  }
  assert.ok(paths.some((path) => path.startsWith('resource policy[0]')))
})

test('the endpoint type, and the settings that a function does not have itself, are those of serverless.yml', async () => {
  const { endpointType, functions } = await derive({ stage: 'dev', access: serviceMap, region })
  assert.equal(endpointType, 'REGIONAL')
  const probe = functions.find(({ key }) => key === 'snowflake-probe')
  assert.deepEqual([probe?.memorySize, probe?.timeout], [512, 15])
})

test('a map that cannot be deployed throws NotDerivable', async () => {
  const access = join(await temporaryFolder(), 'access.yml')
  await writeFile(
    access,
    'dev:\n  callers:\n    a: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /invoke] }\n',
  )
  await assert.rejects(derive({ stage: 'dev', access, region }), (error) => {
    assert.ok(error instanceof NotDerivable)
    assert.match(error.message, /^the caller a may call \/invoke, and the stage has no targets/)
    return true
  })
})
