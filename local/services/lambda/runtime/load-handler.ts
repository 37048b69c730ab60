import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runtimeError } from './error-document.ts'

export type Handler = (event: unknown, context: unknown) => unknown

/**
 * The function that a handler string such as `dir/file.export.nested` names, in the package at `taskRoot`; or an error
 * with the type and words of Lambda's Node 24 runtime (aws-lambda-ric 4, UserFunctionLoader).
 */
export const loadHandler = async (taskRoot: string, handlerString: string): Promise<Handler> => {
  const { directory, file, path } = parseHandlerString(handlerString)
  const module = await loadModule(taskRoot, directory, file)
  const handler = exportAt(path, module) || exportAt(path, exportAt(['default'], module))
  if (!handler) throw runtimeError('Runtime.HandlerNotFound', `${handlerString} is undefined or not exported`)
  if (!isFunction(handler)) throw runtimeError('Runtime.HandlerNotFound', `${handlerString} is not a function`)
  if (handler.length >= 3) throw runtimeError('Runtime.CallbackHandlerDeprecated', callbackDeprecated)
  return handler
}

const parseHandlerString = (handlerString: string) => {
  if (handlerString.includes('..')) {
    const words = 'is not a valid handler name. Use absolute paths when specifying root directories in handler names.'
    throw runtimeError('Runtime.MalformedHandlerName', `'${handlerString}' ${words}`)
  }
  const lastPart = basename(handlerString)
  const [, file, path] = /^([^.]*)\.(.*)$/.exec(lastPart) ?? []
  if (file === undefined || path === undefined) throw runtimeError('Runtime.MalformedHandlerName', 'Bad handler')
  return { directory: handlerString.slice(0, handlerString.indexOf(lastPart)), file, path: path.split('.') }
}

const loadModule = async (taskRoot: string, directory: string, file: string): Promise<unknown> => {
  const withoutExtension = resolve(taskRoot, directory, file)
  const found = ['', '.js', '.mjs', '.cjs'].map((extension) => withoutExtension + extension).find(existsSync)
  try {
    if (found) return await import(pathToFileURL(found).href)
    // What no extension finds may still be a package; where it is not, the message is Node's own.
    const require = createRequire(import.meta.url)
    return require(require.resolve(file, { paths: [taskRoot, join(taskRoot, directory)] }))
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw Object.assign(runtimeError('Runtime.UserCodeSyntaxError', String(error)), { stack: error.stack })
    }
    // ES modules report a missing import as ERR_MODULE_NOT_FOUND, which the runtime client passes on as it is.
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
      throw runtimeError('Runtime.ImportModuleError', String(error))
    }
    throw error
  }
}

const exportAt = (path: readonly string[], module: unknown): unknown =>
  path.reduce<unknown>(
    (nested, key) => (typeof nested === 'object' && nested !== null ? Reflect.get(nested, key) : undefined),
    module,
  )

const isFunction = (value: unknown): value is Handler => typeof value === 'function'

const callbackDeprecated =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.'
