import { compile } from '../infra/compile.ts'
import { serviceMap } from '../service-map.ts'
import { benchBundles } from './bundles.ts'
import { benchCommandLine } from './command-line.ts'
import { benchInvoke } from './invoke.ts'
import { benchLogin } from './login.ts'
import { printTable } from './measure.ts'
import { benchProbeDriver } from './probe-driver.ts'
import { benchRows } from './rows.ts'
import { benchSelect } from './select.ts'
import { benchSigning } from './signing.ts'
import { benchStack } from './stack.ts'

const packageDirectory = await compile({ accessMap: serviceMap })
printTable([
  ...benchBundles(packageDirectory),
  ...(await benchCommandLine(packageDirectory)),
  ...(await benchProbeDriver(packageDirectory)),
  ...(await benchSigning()),
  ...(await benchInvoke()),
  ...(await benchRows()),
  ...(await benchStack(packageDirectory)),
  ...(await benchSelect()),
  ...(await benchLogin(packageDirectory)),
])
