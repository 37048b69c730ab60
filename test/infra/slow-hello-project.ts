import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyWithCommandLine } from './compile.ts'

const root = join(import.meta.dirname, '..', '..')

/** No function of the service is asynchronous yet: this one is `hello`, and asks a server what to do before it greets. */
const files = {
  'functions/slow-hello/handler.ts': `
import { createAsynchronousBatches } from '../../shared/batches/index.ts'
import { createLambdaHandler } from '../../shared/http/index.ts'
import { slowHello, slowHelloRow } from './slow-hello.ts'

export const handler = createLambdaHandler(slowHello, slowHelloRow, createAsynchronousBatches())
`,
  'functions/slow-hello/slow-hello.ts': `
import { ServiceError } from '../../shared/errors/service-error.ts'
import { hello } from '../hello/hello.ts'

export const slowHelloRow = { parameters: ['name', 'url?'], toInput: ([, name, url]) => ({ name, url }) }

export const slowHello = async ({ name, url }) => {
  if (url) {
    const instruction = await (await fetch(\`\${url}/\${encodeURIComponent(name)}\`, { method: 'POST' })).text()
    if (instruction === 'exit') process.exit(1)
    if (instruction !== 'greet') throw new ServiceError(instruction)
  }
  return hello({ name })
}
`,
  'slow.yml': `
dev:
  callers:
    snowflake:
      iamUserArn: arn:aws:iam::999999999999:user/abcd-s-example
      externalIds: [ABC12345_SFCRole=2_example=]
      routes: [POST /hello, GET /hello, POST /slow-hello, GET /slow-hello]
    analytics:
      principals: [arn:aws:iam::222222222222:role/LambdaRoleDeve]
      routes: [POST /hello, POST /slow-hello, GET /slow-hello]
    reporting:
      principals: [arn:aws:iam::444444444444:role/ReportingRole]
      direct: true
      routes: [POST /slow-hello, GET /slow-hello, INVOKE /slow-hello]
`,
}

/** A copy of the repository, command line and local stack included, with `slow-hello` in the route table and in the access map. */
export const createSlowHelloProject = async () => {
  const copy = await copyWithCommandLine()
  await cp(join(root, 'local'), join(copy, 'local'), { recursive: true })
  await mkdir(join(copy, 'functions', 'slow-hello'))
  for (const [path, text] of Object.entries(files)) await writeFile(join(copy, path), text)
  const routes = join(copy, 'shared', 'access', 'routes.ts')
  const row = `{ path: '/slow-hello', functionName: 'slow-hello', methods: ['GET', 'POST'], asynchronous: true },`
  const table = 'export const routeTable: readonly RouteRow[] = ['
  await writeFile(routes, (await readFile(routes, 'utf8')).replace(table, `${table}\n${row}`))
  return { folder: copy, accessMap: join(copy, 'slow.yml') }
}

type PackageModule = typeof import('../../cli/osls/package-service.ts')

/** The folder of its package, built by the command line in the copy. */
export const packageSlowHelloProject = async ({
  folder,
  accessMap,
}: Awaited<ReturnType<typeof createSlowHelloProject>>) => {
  const { packageService }: PackageModule = await import(join(folder, 'cli', 'osls', 'package-service.ts'))
  return (await packageService(folder, { stage: 'dev', access: accessMap })).directory
}
