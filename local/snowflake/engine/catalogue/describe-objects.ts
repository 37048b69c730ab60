import type { Catalogue, CatalogueObject } from './catalogue.ts'

export interface Listing {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

type IntegrationProperty = readonly [property: string, type: string, value: string, byDefault: string]

/** https://docs.snowflake.com/en/sql-reference/sql/desc-integration */
export const describeIntegration = (integration: CatalogueObject, iamUserArn: string): Listing => ({
  columns: ['property', 'property_type', 'property_value', 'property_default'],
  rows: integrationProperties(integration, iamUserArn),
})

const integrationProperties = (
  { definition, externalId }: CatalogueObject,
  iamUserArn: string,
): readonly IntegrationProperty[] => {
  if (!('ENABLED' in definition)) return []
  const enabled: IntegrationProperty = ['ENABLED', 'Boolean', String(definition.ENABLED), 'false']
  const comment: IntegrationProperty = ['COMMENT', 'String', definition.COMMENT, '']
  const user: IntegrationProperty = ['API_AWS_IAM_USER_ARN', 'String', iamUserArn, '']
  const id: IntegrationProperty = ['API_AWS_EXTERNAL_ID', 'String', externalId, '']
  const list = (property: string, values: readonly string[]): IntegrationProperty => [
    property,
    'List',
    values.join(','),
    '[]',
  ]
  const dotted = (names: readonly (readonly string[])[]) => names.map((name) => name.join('.'))
  switch (definition.kind) {
    case 'API INTEGRATION':
      return [
        enabled,
        ['API_KEY', 'String', definition.API_KEY === undefined ? '' : '********', ''],
        ['API_PROVIDER', 'String', definition.API_PROVIDER, ''],
        user,
        ['API_AWS_ROLE_ARN', 'String', definition.API_AWS_ROLE_ARN, ''],
        id,
        list('API_ALLOWED_PREFIXES', definition.API_ALLOWED_PREFIXES),
        list('API_BLOCKED_PREFIXES', definition.API_BLOCKED_PREFIXES),
        comment,
      ]
    case 'SECURITY INTEGRATION':
      return [
        enabled,
        ['AUTH_TYPE', 'String', definition.AUTH_TYPE, ''],
        user,
        ['AWS_ROLE_ARN', 'String', definition.AWS_ROLE_ARN, ''],
        id,
        comment,
      ]
    case 'EXTERNAL ACCESS INTEGRATION':
      return [
        enabled,
        list('ALLOWED_NETWORK_RULES', dotted(definition.ALLOWED_NETWORK_RULES)),
        list('ALLOWED_AUTHENTICATION_SECRETS', dotted(definition.ALLOWED_AUTHENTICATION_SECRETS)),
        comment,
      ]
  }
}

/** https://docs.snowflake.com/en/sql-reference/sql/desc-network-rule: one row, a column for each property. */
export const describeNetworkRule = ({ name, definition, createdOn }: CatalogueObject): Listing => {
  if (definition.kind !== 'NETWORK RULE') throw new TypeError(definition.kind)
  const { COMMENT: comment, TYPE: type, MODE: mode, VALUE_LIST: values } = definition
  return {
    columns: ['created_on', 'name', 'owner', 'comment', 'type', 'mode', 'value_list'],
    rows: [[createdOn.toISOString(), name, 'ACCOUNTADMIN', comment, type, mode, values.join(',')]],
  }
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-integrations */
export const showIntegrations = ({ objects }: Catalogue): Listing => ({
  columns: ['name', 'type', 'category', 'enabled', 'comment', 'created_on'],
  rows: [...objects.values()].flatMap(({ name, definition, createdOn }) => {
    if (!('ENABLED' in definition)) return []
    const type =
      definition.kind === 'API INTEGRATION'
        ? 'EXTERNAL_API'
        : definition.kind.replace(/ INTEGRATION$/, '').replace(' ', '_')
    const category = definition.kind === 'API INTEGRATION' ? 'API' : type
    return [[name, type, category, String(definition.ENABLED), definition.COMMENT, createdOn.toISOString()]]
  }),
})

export const showFunctions = ({ functions }: Catalogue): Listing => ({
  columns: ['name', 'arguments', 'is_secure', 'is_external_function', 'language', 'description', 'created_on'],
  rows: [...functions.values()].map(({ name, arguments: signature, creation, definition, createdOn }) => [
    name,
    signature,
    creation.secure ? 'Y' : 'N',
    definition.kind === 'EXTERNAL FUNCTION' ? 'Y' : 'N',
    definition.kind.split(' ')[0] ?? '',
    definition.COMMENT,
    createdOn.toISOString(),
  ]),
})
