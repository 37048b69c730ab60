import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readAccessMap } from '../../shared/access/index.ts'
import { preparePython, pythonBin } from '../clients/python-environment.ts'
import { asynchronousCopy, asynchronousPackage } from './asynchronous-copy.ts'
import { compile } from './compile.ts'

/**
 * `npm run check`: AWS's own linter over the template of every shipped stage, and of stages with what those lack: callers of
 * all kinds, and an asynchronous function.
 */
const orders = [
  ...[...readAccessMap('access.yml').keys()].map((stage) => ({ stage, region: 'eu-central-1' })),
  { stage: 'mixed', region: 'eu-central-1', accessMap: 'test/infra/maps.yml' },
  { stage: 'invoked', region: 'us-gov-west-1', accessMap: 'test/infra/maps.yml' },
  {
    ...{ stage: 'keyed', region: 'eu-central-1', accessMap: 'test/infra/maps.yml' },
    probeImage: '111111111111.dkr.ecr.eu-central-1.amazonaws.com/snowgate/probe:1',
  },
  { stage: 'tokened', region: 'eu-central-1', accessMap: 'test/infra/maps.yml' },
]

const templates = [
  ...orders.map((order) => ({ ...order, folder: () => compile(order) })),
  {
    ...{ stage: 'dev with an asynchronous function', region: 'eu-central-1' },
    folder: async () => asynchronousPackage(await asynchronousCopy()),
  },
]

preparePython()
for (const { stage, region, folder } of templates) {
  const { status } = spawnSync(
    join(pythonBin, 'cfn-lint'),
    [...['--regions', region], ...['--template', join(await folder(), 'cloudformation-template-update-stack.json')]],
    { stdio: 'inherit' },
  )
  process.stdout.write(`template of ${stage} in ${region}: ${status === 0 ? 'clean' : 'NOT clean'}\n`)
  if (status !== 0) process.exitCode = 1
}
