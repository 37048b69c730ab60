import { callerRoleCauses } from '../../shared/diagnoses/causes/caller-roles.ts'
import { deploymentCauses } from '../../shared/diagnoses/causes/deployment.ts'
import { keyPairCauses } from '../../shared/diagnoses/causes/key-pair.ts'
import { outboundCauses } from '../../shared/diagnoses/causes/outbound.ts'
import { requestCauses } from '../../shared/diagnoses/causes/requests.ts'
import { snowflakeLoginCauses } from '../../shared/diagnoses/causes/snowflake-login.ts'
import { snowflakeObjectCauses } from '../../shared/diagnoses/causes/snowflake-objects.ts'
import { allMessages } from '../../shared/diagnoses/index.ts'

interface Cause {
  readonly summary: string
  readonly howToTell: string
  readonly fix: string
}

const groups = {
  'Who calls, and how the request is signed': requestCauses,
  'The caller role': callerRoleCauses,
  'What is deployed': deploymentCauses,
  'Snowflake calls the service': snowflakeObjectCauses,
  'The service logs in to Snowflake': snowflakeLoginCauses,
  'The key pair': keyPairCauses,
  'What the service calls': outboundCauses,
}

/** The causes of docs/errors.md, from their table. */
export const causesInMarkdown = (): string =>
  Object.entries(groups)
    .map(([title, causes]) => [`### ${title}`, ...Object.entries(causes).map(cause)].join('\n\n'))
    .join('\n\n')

const cause = ([id, { summary, howToTell, fix }]: readonly [string, Cause]): string =>
  [
    `#### \`${id}\`\n`,
    `${plain(summary)}\n`,
    `* How to check: ${plain(howToTell)}`,
    `* Fix: ${plain(fix)}`,
    ...messagesOf(id),
  ].join('\n')

const messagesOf = (id: string): readonly string[] => {
  const messagesBySystem = allMessages.flatMap(({ system, messages }) => {
    const phrasesOrCodes = messages
      .filter(({ causes }) => causes.some((one) => one === id))
      .flatMap(({ phrases = [], codes = [] }) => (phrases.length > 0 ? phrases : codes))
    return phrasesOrCodes.length > 0 ? [`${system} (${phrasesOrCodes.map(code).join(', ')})`] : []
  })
  return messagesBySystem.length > 0 ? [`* Shown by ${messagesBySystem.join('; ')}`] : []
}

/** What Markdown would take for a tag, or for emphasis. */
const plain = (text: string): string => text.replace(/[<*]/g, '\\$&')

const code = (text: string): string => `\`${text}\``
