import type { DeployedTemplate } from '../aws/index.ts'
import type { Derived, DerivedFunction } from './derived.ts'
import { differences } from './differences.ts'

/**
 * Where the template of the deployed stack is not the one that the map gives, each place on a line. What every deployment
 * changes is left out: the names of the packages, and the id of the deployment.
 */
export const compare = (derived: Derived, template: DeployedTemplate): readonly string[] => [
  ...ownResources(derived, template),
  ...extensions(derived, template),
  ...resourcePolicy(derived, template),
  ...functions(derived, template),
  ...methods(derived, template),
]

type Resource = DeployedTemplate['Resources'][string]

const ofType = ({ Resources }: DeployedTemplate, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type)

/** Roles, permissions beside those of osls, tables. */
const ownResources = ({ resources, extensions }: Derived, template: DeployedTemplate): readonly string[] => {
  const missingOrOther = [...resources].flatMap(([id, { Type, Properties }]) => {
    const there = template.Resources[id]
    return there ? differences(Properties, there.Properties, nameOf(id, there)) : [`${id} (${Type}) is not deployed`]
  })
  const left = ['AWS::IAM::Role', 'AWS::Lambda::Permission', 'AWS::DynamoDB::Table'].flatMap((type) =>
    ofType(template, type)
      .filter(([id]) => !resources.has(id) && !extensions.has(id))
      .map(([id, resource]) => `${nameOf(id, resource)} is deployed but no longer in the access map`),
  )
  return [...missingOrOther, ...left]
}

/** A door role is known by its name. */
const nameOf = (id: string, { Properties }: Resource): string => {
  const { RoleName: name } = Properties
  return typeof name === 'string' ? `role ${name}` : id
}

const extensions = ({ extensions }: Derived, template: DeployedTemplate): readonly string[] =>
  [...extensions].flatMap(([id, properties]) => {
    const there = template.Resources[id]
    if (!there) return [`${id} is not deployed`]
    return Object.entries(properties).flatMap(([name, wanted]) =>
      differences(wanted, there.Properties[name], `${id}.${name}`),
    )
  })

const resourcePolicy = ({ resourcePolicy }: Derived, template: DeployedTemplate): readonly string[] =>
  ofType(template, 'AWS::ApiGateway::RestApi').flatMap(([, { Properties }]) => {
    const { Policy: policy } = Properties
    const statements =
      typeof policy === 'object' && policy !== null && 'Statement' in policy ? policy.Statement : policy
    return differences(resourcePolicy, statements, 'resource policy')
  })

const functions = ({ functions }: Derived, template: DeployedTemplate): readonly string[] => {
  const there = new Map(
    ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) => [
      String(Properties['FunctionName']),
      Properties,
    ]),
  )
  const missingOrOther = functions.flatMap((fn) => {
    const found = there.get(fn.name)
    return found
      ? differences(settingsOf(fn), settingsThere(found), `function ${fn.name}`)
      : [`the function ${fn.name} is not deployed`]
  })
  const names = new Set(functions.map(({ name }) => name))
  const left = [...there.keys()].filter((name) => !names.has(name))
  return [...missingOrOther, ...left.map((name) => `the function ${name} is deployed but no longer in the access map`)]
}

const settingsOf = ({ handler, role, timeout, memorySize, environment }: DerivedFunction) => ({
  Handler: handler,
  Role: role,
  Timeout: timeout,
  MemorySize: memorySize,
  Environment: environment,
})

const settingsThere = ({ Handler, Role, Timeout, MemorySize, Environment }: Resource['Properties']) => ({
  Handler,
  Role,
  Timeout,
  MemorySize,
  Environment:
    typeof Environment === 'object' && Environment !== null && 'Variables' in Environment ? Environment.Variables : {},
})

const methods = ({ functions }: Derived, template: DeployedTemplate): readonly string[] => {
  const wanted = new Set(functions.flatMap(({ routes }) => routes))
  const there = new Set(
    ofType(template, 'AWS::ApiGateway::Method').map(
      ([, { Properties }]) => `${String(Properties['HttpMethod'])} ${pathOf(Properties['ResourceId'], template)}`,
    ),
  )
  return [
    ...[...wanted].filter((route) => !there.has(route)).map((route) => `${route} is not deployed`),
    ...[...there]
      .filter((route) => !wanted.has(route))
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
