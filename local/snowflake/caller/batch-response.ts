import { createHash } from 'node:crypto'
import { gunzipSync, inflateSync } from 'node:zlib'
import { isArray, type Json, jsonText, parseJson } from '../engine/values/index.ts'
import { externalFunctionErrors } from './external-function-errors.ts'
import type { RawResponse } from './http-transport.ts'

/** https://docs.snowflake.com/en/sql-reference/external-functions-introduction */
const maxResponseBytes = 10 * 1024 * 1024

/** The text of an answer, inflated if it says that it is compressed. */
export const responseText = (name: string, { headers, body }: RawResponse): string => {
  const encoding = headers['content-encoding']?.toLowerCase()
  const inflate = encoding === 'gzip' ? gunzipSync : encoding === 'deflate' ? inflateSync : undefined
  if (body.length > maxResponseBytes) throw externalFunctionErrors.tooLarge(name)
  // Whether the checksum of a compressed response is that of its text is not settled, so it is not checked.
  const checksum = headers['content-md5']
  if (checksum !== undefined && !inflate && checksum !== createHash('md5').update(body).digest('base64')) {
    throw externalFunctionErrors.wrongChecksum(name)
  }
  if (!inflate) return body.toString()
  try {
    return inflate(body, { maxOutputLength: maxResponseBytes }).toString()
  } catch (cause) {
    throw cause instanceof RangeError
      ? externalFunctionErrors.tooLarge(name)
      : externalFunctionErrors.notDecompressed(name, encoding ?? '', cause)
  }
}

/**
 * The values of a batch: as many rows as were sent, their numbers ascending from 0, each with one value.
 * https://docs.snowflake.com/en/sql-reference/external-functions-data-format#data-format-received-by-snowflake
 */
export const batchValues = (name: string, text: string, rowCount: number): readonly Json[] => {
  const data = parseData(name, text)
  if (data.length !== rowCount) throw externalFunctionErrors.wrongCount(name, rowCount, data.length)
  return data.map((row, index) => {
    if (!isArray(row) || row.length !== 2) throw externalFunctionErrors.invalidResponse(name, index)
    const [number = null, value = null] = row
    if (jsonText(number) !== String(index)) throw externalFunctionErrors.outOfOrder(name, index, jsonText(number))
    return value
  })
}

const parseData = (name: string, text: string): readonly Json[] => {
  let document: Json
  try {
    document = parseJson(text)
  } catch (cause) {
    throw externalFunctionErrors.noData(name, cause)
  }
  const data = document instanceof Map ? document.get('data') : undefined
  if (data === undefined || !isArray(data)) throw externalFunctionErrors.noData(name)
  return data
}
