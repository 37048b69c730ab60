import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

export type YamlPath = readonly (string | number)[]

export interface YamlFault {
  readonly path: YamlPath
  /** Offset in the text, from 0; absent: the position of `path`. */
  readonly offset?: number | undefined
  readonly message: string
}

interface YamlReading {
  /** Mappings are objects without a prototype, so that `__proto__` is a key like any other. */
  readonly value: unknown
  readonly faults: readonly YamlFault[]
  /** Line and column, from 1, of a key or list item, or of its closest existing parent. */
  readonly position: (fault: Pick<YamlFault, 'path' | 'offset'>) => { readonly line: number; readonly column: number }
}

const yamlErrorMessages = new Map([
  ['DUPLICATE_KEY', 'duplicate key: keep one'],
  ['TAB_AS_INDENT', 'YAML does not allow tabs for indentation: use spaces'],
  ['MULTIPLE_DOCS', 'only one YAML document is allowed: remove "---" between the stages'],
])

// The deepest path in an access map is `stage.callers.name.routes[0]`.
const maxDepth = 8

/** Parses YAML to plain values with their positions. Never throws: every problem is a fault. */
export const readYaml = (text: string): YamlReading => {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const offsets = new Map<string, number>()
  const faults: YamlFault[] = []

  const read = (node: unknown, path: YamlPath): unknown => {
    if (isAlias(node)) faults.push({ path, message: 'YAML aliases are not allowed: write the values out' })
    else if (hasTag(node)) faults.push({ path, message: `the YAML tag ${node.tag} is not allowed: remove it` })
    else if (path.length > maxDepth) faults.push({ path, message: 'too deeply nested for an access map' })
    else if (isScalar(node)) return node.value
    else if (isSeq(node)) return node.items.map((item, index) => read(item, recordOffset([...path, index], item)))
    else if (isMap(node)) {
      const object: Record<string, unknown> = Object.create(null)
      for (const { key, value } of node.items) {
        const name: unknown = isScalar(key) && !hasTag(key) ? key.value : undefined
        if (typeof name !== 'string') faults.push({ path, offset: startOffset(key), message: 'a key must be a string' })
        else object[name] = read(value, recordOffset([...path, name], key))
      }
      return object
    }
    return null
  }
  const recordOffset = (path: YamlPath, node: unknown): YamlPath => {
    const start = startOffset(node)
    if (start !== undefined && !offsets.has(JSON.stringify(path))) offsets.set(JSON.stringify(path), start)
    return path
  }

  const lines = new Set<number>()
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const { line } = lineCounter.linePos(pos[0])
    // `read` reports tags with their path. One mistake often causes several errors on the same line.
    if (code === 'TAG_RESOLVE_FAILED' || lines.has(line)) continue
    lines.add(line)
    faults.push({ path: [], offset: pos[0], message: yamlErrorMessages.get(code) ?? `YAML syntax error: ${message}` })
  }
  // After a syntax error the rest is unreliable; a duplicate key does not affect the rest.
  const readable = document.errors.every(({ code }) => code === 'DUPLICATE_KEY')
  const value = readable ? read(document.contents, []) : undefined

  const position: YamlReading['position'] = ({ path, offset }) => {
    const offsetsOnPath = [...path.keys(), path.length].map((length) =>
      offsets.get(JSON.stringify(path.slice(0, length))),
    )
    const { line, col } = lineCounter.linePos(offset ?? offsetsOnPath.findLast((start) => start !== undefined) ?? 0)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  return { value, faults, position }
}

const hasTag = (node: unknown): node is Node & { tag: string } =>
  (isScalar(node) || isSeq(node) || isMap(node)) && node.tag !== undefined

const startOffset = (node: unknown): number | undefined =>
  isScalar(node) || isSeq(node) || isMap(node) || isAlias(node) ? node.range?.[0] : undefined

/** The line, from 1, of a key or list item in an access map, or of its closest existing parent. */
export const lineOf = (yamlText: string, path: YamlPath): number => readYaml(yamlText).position({ path }).line
