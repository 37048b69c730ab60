import { callingCauses } from '../../shared/diagnoses/causes/calling.ts'
import { deploymentCauses } from '../../shared/diagnoses/causes/deployment.ts'
import { doorCauses } from '../../shared/diagnoses/causes/doors.ts'
import { keyPairCauses } from '../../shared/diagnoses/causes/key-pair.ts'
import { outwardCauses } from '../../shared/diagnoses/causes/outward.ts'
import { snowflakeCallCauses } from '../../shared/diagnoses/causes/snowflake-calls.ts'
import { snowflakeLoginCauses } from '../../shared/diagnoses/causes/snowflake-login.ts'
import { allTexts } from '../../shared/diagnoses/index.ts'

const groups = {
  'Who calls, and how the request is signed': callingCauses,
  'The caller role': doorCauses,
  'What is deployed': deploymentCauses,
  'Snowflake calls the service': snowflakeCallCauses,
  'The service logs in to Snowflake': snowflakeLoginCauses,
  'The key pair': keyPairCauses,
  'What the service calls': outwardCauses,
}

/** The causes of docs/errors.md, from their table. */
export const causesInMarkdown = (): string =>
  Object.entries(groups)
    .map(([title, causes]) => [`### ${title}`, ...Object.entries(causes).map(cause)].join('\n\n'))
    .join('\n\n')

const cause = ([id, { what, tell, mend }]: readonly [string, { what: string; tell: string; mend: string }]): string =>
  [
    `#### \`${id}\`\n`,
    `${plain(what)}\n`,
    `* How to check: ${plain(tell)}`,
    `* Fix: ${plain(mend)}`,
    ...shownBy(id),
  ].join('\n')

const shownBy = (id: string): readonly string[] => {
  const shown = allTexts.flatMap(({ system, texts }) => {
    const words = texts
      .filter(({ causes }) => causes.some((one) => one === id))
      .flatMap(({ says = [], codes = [] }) => (says.length > 0 ? says : codes))
    return words.length > 0 ? [`${system} (${words.map(code).join(', ')})`] : []
  })
  return shown.length > 0 ? [`* Shown by ${shown.join('; ')}`] : []
}

/** What Markdown would take for a tag, or for emphasis. */
const plain = (text: string): string => text.replace(/[<*]/g, '\\$&')

const code = (text: string): string => `\`${text}\``
