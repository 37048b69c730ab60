import { compile } from '../infra/compile.ts'
import { serviceMap } from '../service-map.ts'
import { benchBundles } from './bundle-size.ts'
import { benchCommandLine } from './command-line.ts'
import { benchSelect } from './external-function-select.ts'
import { benchInvoke } from './invoke-overhead.ts'
import { benchLogin } from './login-latency.ts'
import { printTable } from './measurement.ts'
import { benchProbeDriver } from './probe-driver.ts'
import { benchRows } from './row-throughput.ts'
import { benchSigning } from './signature-cost.ts'
import { benchStack } from './stack-throughput.ts'
import { benchStartUp } from './start-up.ts'

const packageDirectory = await compile({ accessMap: serviceMap })
printTable([
  ...benchBundles(packageDirectory),
  ...(await benchCommandLine(packageDirectory)),
  ...(await benchStartUp()),
  ...(await benchProbeDriver(packageDirectory)),
  ...(await benchSigning()),
  ...(await benchInvoke()),
  ...(await benchRows()),
  ...(await benchStack(packageDirectory)),
  ...(await benchSelect()),
  ...(await benchLogin(packageDirectory)),
])
