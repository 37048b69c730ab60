/** The template contains something that the local stack does not support; the message has its position and name. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

export interface TemplateLookup {
  /** What `Ref` gives for a parameter, pseudo parameter or resource; undefined when there is none of that name. */
  readonly ref: (name: string) => unknown
  readonly attribute: (logicalId: string, attribute: string) => unknown
  readonly condition: (name: string) => boolean
}

/** The value of `{ "Ref": "AWS::NoValue" }`: the property around it is left out. */
export const noValue: unique symbol = Symbol('AWS::NoValue')

type Intrinsic = (argument: unknown, at: string, lookup: TemplateLookup) => unknown

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const intrinsics = new Map<string, Intrinsic>([
  ['Ref', (name, at, lookup) => requireKnown(lookup.ref(text(name, at)), `Ref ${name}`, at)],
  [
    'Fn::GetAtt',
    (argument, at, lookup) => {
      const [logicalId = '', ...attribute] = typeof argument === 'string' ? argument.split('.') : texts(argument, at)
      return requireKnown(
        lookup.attribute(logicalId, attribute.join('.')),
        `Fn::GetAtt ${logicalId}.${attribute.join('.')}`,
        at,
      )
    },
  ],
  [
    'Fn::Sub',
    (argument, at, lookup) => {
      const [template, variables] = Array.isArray(argument) ? argument : [argument, {}]
      const variablesByName = new Map(Object.entries(record(resolve(variables ?? {}, at, lookup), at)))
      return text(template, at).replace(/\$\{([^}]*)\}/g, (_, name: string) => {
        if (name.startsWith('!')) return `\${${name.slice(1)}}`
        const [logicalId = '', ...attribute] = name.split('.')
        const value =
          variablesByName.get(name) ??
          (attribute.length ? lookup.attribute(logicalId, attribute.join('.')) : lookup.ref(name))
        return scalar(requireKnown(value, `Fn::Sub \${${name}}`, at), at)
      })
    },
  ],
  [
    'Fn::Join',
    (argument, at, lookup) => {
      const [separator, parts] = list(argument, at)
      return list(resolve(parts, at, lookup), at)
        .map((part) => scalar(part, at))
        .join(text(separator, at))
    },
  ],
  [
    'Fn::Select',
    (argument, at, lookup) => {
      const [index, values] = list(argument, at)
      const chosen = list(resolve(values, at, lookup), at)[Number(resolve(index, at, lookup))]
      return requireKnown(chosen, `Fn::Select ${JSON.stringify(index)}`, at)
    },
  ],
  [
    'Fn::Split',
    (argument, at, lookup) => {
      const [separator, source] = list(argument, at)
      return text(resolve(source, at, lookup), at).split(text(separator, at))
    },
  ],
  [
    'Fn::If',
    (argument, at, lookup) => {
      const [name, whenTrue, whenFalse] = list(argument, at)
      return resolve(lookup.condition(text(name, at)) ? whenTrue : whenFalse, at, lookup)
    },
  ],
  [
    'Fn::Equals',
    (argument, at, lookup) => {
      const [left, right] = list(resolve(argument, at, lookup), at)
      return left === right
    },
  ],
  ['Fn::And', (argument, at, lookup) => list(argument, at).every((part) => evaluateCondition(part, at, lookup))],
  ['Fn::Or', (argument, at, lookup) => list(argument, at).some((part) => evaluateCondition(part, at, lookup))],
  ['Fn::Not', (argument, at, lookup) => !evaluateCondition(list(argument, at)[0], at, lookup)],
])

/** The value with every intrinsic function in it carried out; `at` is the place in the template, for errors. */
export const resolve = (value: unknown, at: string, lookup: TemplateLookup): unknown => {
  if (Array.isArray(value)) {
    return value.map((part, index) => resolve(part, `${at}[${index}]`, lookup)).filter((part) => part !== noValue)
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [name, argument] = entries[0] ?? []
  if (entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))) {
    const intrinsic = intrinsics.get(name)
    if (!intrinsic) throw new TemplateError(`${at}: the local stack does not imitate ${name}`)
    return intrinsic(argument, `${at}.${name}`, lookup)
  }
  return Object.fromEntries(
    entries
      .map(([key, part]) => [key, resolve(part, `${at}.${key}`, lookup)] as const)
      .filter(([, part]) => part !== noValue),
  )
}

/** A condition function or `{ "Condition": name }`, as they stand in the Conditions section. */
export const evaluateCondition = (value: unknown, at: string, lookup: TemplateLookup): boolean => {
  const referred = typeof value === 'object' && value !== null && 'Condition' in value ? value.Condition : undefined
  const result = referred === undefined ? resolve(value, at, lookup) : lookup.condition(text(referred, at))
  if (typeof result !== 'boolean') throw new TemplateError(`${at}: a condition must be true or false`)
  return result
}

const requireKnown = (value: unknown, reference: string, at: string): unknown => {
  if (value === undefined) throw new TemplateError(`${at}: ${reference} refers to nothing the local stack knows`)
  return value
}

const text = (value: unknown, at: string): string => {
  if (typeof value !== 'string') throw new TemplateError(`${at}: text expected, ${JSON.stringify(value)} found`)
  return value
}

const scalar = (value: unknown, at: string): string => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return text(value, at)
}

const list = (value: unknown, at: string): unknown[] => {
  if (!Array.isArray(value)) throw new TemplateError(`${at}: a list expected, ${JSON.stringify(value)} found`)
  return value
}

const texts = (value: unknown, at: string): string[] => list(value, at).map((part) => text(part, at))

const record = (value: unknown, at: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TemplateError(`${at}: an object expected, ${JSON.stringify(value)} found`)
  }
  return { ...value }
}
