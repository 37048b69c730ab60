import type { Execution } from '../query/index.ts'
import { doesNotExist } from '../snowflake-error.ts'
import type { StatementOf } from '../sql/index.ts'
import { typeText } from '../values/index.ts'
import { type Catalogue, functionKey } from './catalogue.ts'
import type { Listing } from './describe-objects.ts'

/** https://docs.snowflake.com/en/sql-reference/sql/desc-function ; the body of an external function is its URL. */
export const describeFunction = (
  { name, types }: StatementOf<'describe function'>,
  { functions }: Catalogue,
  { session }: Execution,
): Listing => {
  const found = functions.get(functionKey(name, types, session))
  if (!found) throw doesNotExist('Function', name.join('.'))
  const { creation, definition } = found
  const properties =
    definition.kind === 'EXTERNAL FUNCTION'
      ? { language: 'EXTERNAL', body: creation.body }
      : {
          language: 'PYTHON',
          body: creation.body,
          handler: definition.HANDLER,
          runtime_version: definition.RUNTIME_VERSION,
          packages: `[${definition.PACKAGES.map((one) => `'${one}'`).join(',')}]`,
          external_access_integrations: `[${definition.EXTERNAL_ACCESS_INTEGRATIONS.map((one) => one.join('.')).join(',')}]`,
        }
  const signature = `(${creation.parameters.map((one) => `${one.name} ${one.type.name}`).join(', ')})`
  return {
    columns: ['property', 'value'],
    rows: Object.entries({ signature, returns: typeText(creation.returns), ...properties }),
  }
}
