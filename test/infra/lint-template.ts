import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { defaultRegion } from '../../cli/osls/default-region.ts'
import { preparePython, pythonBin } from '../clients/python-environment.ts'
import { checkMap, userMap } from '../user-map.ts'
import { compile } from './compile.ts'
import { createSlowHelloProject, packageSlowHelloProject } from './slow-hello-project.ts'

/**
 * `npm run check`: whether access.yml can be deployed, and AWS's linter for the template of each of its stages, of the stages
 * of the tests' map, and of stages with callers of all kinds and an asynchronous function.
 */
const { stages, problems } = checkMap(userMap)
for (const problem of problems) process.stderr.write(`${problem}\n`)
if (problems.length > 0) process.exitCode = 1

const region = defaultRegion(join(import.meta.dirname, '..', '..'))
const testStages = [
  ...['dev', 'stg', 'prod'].map((stage) => ({ stage, region: 'eu-central-1' })),
  { stage: 'mixed', region: 'eu-central-1', accessMap: 'test/infra/template/maps.yml' },
  { stage: 'invoked', region: 'us-gov-west-1', accessMap: 'test/infra/template/maps.yml' },
  {
    stage: 'keyed',
    region: 'eu-central-1',
    accessMap: 'test/infra/template/maps.yml',
    probeImage: '111111111111.dkr.ecr.eu-central-1.amazonaws.com/snowgate/probe:1',
  },
  { stage: 'tokened', region: 'eu-central-1', accessMap: 'test/infra/template/maps.yml' },
]

const templates = [
  ...stages.map((stage) => ({
    name: `${stage} of access.yml`,
    region,
    folder: () => compile({ stage, region, accessMap: userMap }),
  })),
  ...testStages.map((options) => ({
    ...options,
    name: `${options.stage} of the tests`,
    folder: () => compile(options),
  })),
  {
    name: 'dev with an asynchronous function',
    region: 'eu-central-1',
    folder: async () => packageSlowHelloProject(await createSlowHelloProject()),
  },
]

preparePython()
const linted = new Set<string>()
for (const { name, region, folder } of templates) {
  const template = join(await folder(), 'cloudformation-template-update-stack.json')
  // An unchanged access.yml has the stages of the tests.
  if (linted.has(template)) continue
  linted.add(template)
  const args = ['--regions', region, '--template', template]
  const { status } = spawnSync(join(pythonBin, 'cfn-lint'), args, { stdio: 'inherit' })
  process.stdout.write(`template of ${name} in ${region}: ${status === 0 ? 'clean' : 'NOT clean'}\n`)
  if (status !== 0) process.exitCode = 1
}
