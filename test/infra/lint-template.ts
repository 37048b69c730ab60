import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readAccessMap } from '../../shared/access/index.ts'
import { preparePython, pythonBin } from '../clients/python-environment.ts'
import { compile } from './compile.ts'

/** `npm run check`: AWS's own linter over the template of every shipped stage, and of stages with what those lack. */
const orders = [
  ...[...readAccessMap('access.yml').keys()].map((stage) => ({ stage, region: 'eu-central-1' })),
  { stage: 'mixed', region: 'eu-central-1', accessMap: 'test/infra/maps.yml' },
  { stage: 'invoked', region: 'us-gov-west-1', accessMap: 'test/infra/maps.yml' },
]

preparePython()
for (const order of orders) {
  const folder = await compile(order)
  const { status } = spawnSync(
    join(pythonBin, 'cfn-lint'),
    [
      // W3005: osls says twice that a function needs its role.
      ...['--ignore-checks', 'W3005', '--regions', order.region],
      ...['--template', join(folder, 'cloudformation-template-update-stack.json')],
    ],
    { stdio: 'inherit' },
  )
  process.stdout.write(`template of ${order.stage} in ${order.region}: ${status === 0 ? 'clean' : 'NOT clean'}\n`)
  if (status !== 0) process.exitCode = 1
}
