import type { DeployedTemplate } from '../aws/deployed-stack.ts'
import type { Derived, DerivedFunction } from './derived-template.ts'

/**
 * Where the template of the deployed stack is not the one that the map gives, each place on a line. What every deployment
 * changes is left out: the names of the packages, and the id of the deployment.
 */
export const compareTemplates = (derived: Derived, template: DeployedTemplate): readonly string[] => [
  ...compareResources(derived, template),
  ...compareExtensions(derived, template),
  ...compareResourcePolicy(derived, template),
  ...compareFunctions(derived, template),
  ...compareMethods(derived, template),
]

type Resource = DeployedTemplate['Resources'][string]

const ofType = ({ Resources }: DeployedTemplate, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type)

/** Roles, permissions beside those of osls, tables. */
const compareResources = ({ resources, extensions }: Derived, template: DeployedTemplate): readonly string[] => {
  const missingOrOther = [...resources].flatMap(([id, { Type, Properties }]) => {
    const there = template.Resources[id]
    return there
      ? differences(Properties, there.Properties, resourceName(id, there))
      : [`${id} (${Type}) is not deployed`]
  })
  const left = ['AWS::IAM::Role', 'AWS::Lambda::Permission', 'AWS::DynamoDB::Table'].flatMap((type) =>
    ofType(template, type)
      .filter(([id]) => !resources.has(id) && !extensions.has(id))
      .map(([id, resource]) => `${resourceName(id, resource)} is deployed but no longer in the access map`),
  )
  return [...missingOrOther, ...left]
}

/** Caller roles are compared by name. */
const resourceName = (id: string, { Properties }: Resource): string => {
  const { RoleName: name } = Properties
  return typeof name === 'string' ? `role ${name}` : id
}

const compareExtensions = ({ extensions }: Derived, template: DeployedTemplate): readonly string[] =>
  [...extensions].flatMap(([id, properties]) => {
    const there = template.Resources[id]
    if (!there) return [`${id} is not deployed`]
    return Object.entries(properties).flatMap(([name, expected]) =>
      differences(expected, there.Properties[name], `${id}.${name}`),
    )
  })

const compareResourcePolicy = ({ resourcePolicy }: Derived, template: DeployedTemplate): readonly string[] =>
  ofType(template, 'AWS::ApiGateway::RestApi').flatMap(([, { Properties }]) => {
    const { Policy: policy } = Properties
    const statements =
      typeof policy === 'object' && policy !== null && 'Statement' in policy ? policy.Statement : policy
    return differences(resourcePolicy, statements, 'resource policy')
  })

const compareFunctions = ({ functions }: Derived, template: DeployedTemplate): readonly string[] => {
  const there = new Map(
    ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) => [
      String(Properties['FunctionName']),
      Properties,
    ]),
  )
  const missingOrOther = functions.flatMap((fn) => {
    const found = there.get(fn.name)
    return found
      ? differences(functionSettings(fn), deployedSettings(found), `function ${fn.name}`)
      : [`the function ${fn.name} is not deployed`]
  })
  const names = new Set(functions.map(({ name }) => name))
  const left = [...there.keys()].filter((name) => !names.has(name))
  return [...missingOrOther, ...left.map((name) => `the function ${name} is deployed but no longer in the access map`)]
}

const functionSettings = ({ handler, role, timeout, memorySize, environment }: DerivedFunction) => ({
  Handler: handler,
  Role: role,
  Timeout: timeout,
  MemorySize: memorySize,
  Environment: environment,
})

const deployedSettings = ({ Handler, Role, Timeout, MemorySize, Environment }: Resource['Properties']) => ({
  Handler,
  Role,
  Timeout,
  MemorySize,
  Environment:
    typeof Environment === 'object' && Environment !== null && 'Variables' in Environment ? Environment.Variables : {},
})

const compareMethods = ({ functions }: Derived, template: DeployedTemplate): readonly string[] => {
  const expected = new Set(functions.flatMap(({ routes }) => routes))
  const there = new Set(
    ofType(template, 'AWS::ApiGateway::Method').map(
      ([, { Properties }]) => `${String(Properties['HttpMethod'])} ${pathOf(Properties['ResourceId'], template)}`,
    ),
  )
  return [
    ...[...expected].filter((route) => !there.has(route)).map((route) => `${route} is not deployed`),
    ...[...there]
      .filter((route) => !expected.has(route))
      .map((route) => `${route} is deployed but no longer in the access map`),
  ]
}

/** Of what a reference to a resource of the API leads to. */
const pathOf = (reference: unknown, template: DeployedTemplate): string => {
  const id = typeof reference === 'object' && reference !== null && 'Ref' in reference ? String(reference.Ref) : ''
  const resource = template.Resources[id]
  if (!resource) return ''
  const { ParentId, PathPart } = resource.Properties
  return `${pathOf(ParentId, template)}/${String(PathPart)}`
}

/** Where two values of JSON differ, each place on a line; what is alike is left out. */
export const differences = (expected: unknown, actual: unknown, path: string): readonly string[] => {
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
    const step = (key: string) => (Array.isArray(expected) ? `${path}[${key}]` : `${path}.${key}`)
    return keys.flatMap((key) => differences(member(expected, key), member(actual, key), step(key)))
  }
  return Object.is(expected, actual)
    ? []
    : [`${path}: expected ${renderValue(expected)}, deployed ${renderValue(actual)}`]
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const member = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

const maxValueLength = 120

const renderValue = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text
}
