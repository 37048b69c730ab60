/** The pattern of each `<name>` in a phrase. No pattern matches a space, which keeps matching linear. */
const capturedPlaceholders: Readonly<Record<string, string>> = {
  account: '\\d{12}',
  owner: '\\d{12}',
  partition: 'aws[a-z-]{0,12}',
  role: '[\\w+=,.@-]{1,64}',
  rolename: '[\\w+=,.@-]{1,64}',
  rolearn: 'arn:[\\w:/+=,.@-]{1,300}',
  region: '[a-z]{2,3}(?:-[a-z]{2,12}){1,2}-\\d',
  api: '[a-z0-9]{1,20}',
  // Lazy: a caller's name may have hyphens, a stage of snowgate has none.
  stage: '[\\w-]{1,128}?',
  caller: '[a-z][a-z0-9-]{0,60}',
  method: '[A-Z]{3,7}',
  path: '(?:[\\w./~%+=:@{}-]{0,500}[\\w/~%}])?',
  function: '[\\w.$-]{1,200}',
  integration: '[\\w.$"-]{1,200}',
  grant: '[\\w$-]{1,200}',
  service: '[\\w-]{1,40}',
  action: '(?:execute-api:Invoke|lambda:InvokeFunction|sts:\\w{1,40}|ssm:GetParameters?)',
  parameter: '/?[\\w./-]{1,300}',
  identifier: '[\\w-]{1,100}(?:\\.[\\w-]{1,60}){0,3}',
  ip: '[\\d.]{7,15}',
  id: '[\\w-]{1,64}',
}

/** Patterns whose value is not captured. */
const uncapturedPlaceholders: Readonly<Record<string, string>> = {
  /** API Gateway masks the account id. */
  masked: '[*\\d]{12}',
  arn: 'arn:[\\w:/+=,.@-]{1,300}',
  host: '[\\w.-]{1,253}',
  date: '\\d{8}T\\d{6}Z',
  number: '\\d{1,12}',
  word: '[^\\s\'"]{1,300}',
}

/** A few more words without quotation marks: a quotation belongs to another system. */
const fewWords = '[^\'"]{0,160}?'

export type PlaceholderValues = Readonly<Record<string, string>>

/** The text on one line, with JSON without spaces: `{"message": "…"}` and `{"message":"…"}` match the same phrase. */
export const normalizeWhitespace = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/([{,:]) (?=["{[])/g, '$1')
    .replace(/(["\d]) (?=[}:,])/g, '$1')

/** Matches the phrase in a text on one line. Each `<name>` is a named group. */
export const toPattern = (phrase: string): RegExp => {
  const capturedNames = new Set<string>()
  const group = (name: string): string | undefined => {
    if (name === 'who') {
      // A session ARN contains the role name without its path.
      return `arn:${group('partition')}:(?:sts|iam)::(?:${group('account')}|${uncapturedPlaceholders['masked']}):(?:assumed-role/${group('role')}/|)[\\w:/+=,.@-]{1,300}`
    }
    const kind = capturedPlaceholders[name]
    if (kind === undefined || capturedNames.has(name)) return kind ?? uncapturedPlaceholders[name]
    capturedNames.add(name)
    return `(?<${name}>${kind})`
  }
  const parts = normalizeWhitespace(phrase)
    .split(/(<[a-z]+>|…)/)
    .map((part) => {
      if (part === '…') return fewWords
      const placeholder = /^<(.+)>$/.exec(part)?.[1]
      return (placeholder && group(placeholder)) ?? part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    })
  const begin = /^[A-Za-z0-9<]/.test(phrase) ? '(?<![A-Za-z0-9])' : ''
  const end = /[A-Za-z0-9>]$/.test(phrase) ? '(?![A-Za-z0-9])' : ''
  return new RegExp(`${begin}${parts.join('')}${end}`, 'g')
}

/** Replaces placeholders with known values; `<STAGE>` gets the value of `<stage>` as a SQL name. */
export const fillPlaceholders = (text: string, values: PlaceholderValues): string =>
  text.replace(/<([A-Za-z]+)>/g, (placeholder, name: string) => {
    const value = Object.hasOwn(values, name.toLowerCase()) ? values[name.toLowerCase()] : undefined
    if (value === undefined) return placeholder
    return name === name.toLowerCase() ? value : value.toUpperCase().replaceAll('-', '_')
  })
