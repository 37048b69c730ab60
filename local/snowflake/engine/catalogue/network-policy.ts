import { BlockList, isIPv4 } from 'node:net'
import * as z from 'zod'
import { comment, texts } from './setting-schemas.ts'

const addressRanges = texts
  .refine((given) => given.every(isRange), { error: 'it takes IPv4 addresses, and ranges such as 192.0.2.0/24' })
  .default([])

/**
 * https://docs.snowflake.com/en/sql-reference/sql/create-network-policy, with addresses and without network rules, which
 * Snowflake recommends in their place.
 */
export const networkPolicyDefinition = z.strictObject({
  kind: z.literal('NETWORK POLICY'),
  ALLOWED_IP_LIST: addressRanges,
  BLOCKED_IP_LIST: addressRanges,
  COMMENT: comment,
})

export type NetworkPolicy = z.output<typeof networkPolicyDefinition>

function isRange(text: string): boolean {
  const [address = '', bits = '32', ...more] = text.split('/')
  return isIPv4(address) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32 && more.length === 0
}

const isInRanges = (ranges: readonly string[], address: string): boolean => {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits = '32'] = range.split('/')
    list.addSubnet(network, Number(bits))
  }
  return list.check(address)
}

/** The blocked list goes before the allowed one. That an empty allowed list allows all other addresses is inferred. */
export const allowsAddress = (
  { ALLOWED_IP_LIST: allowed, BLOCKED_IP_LIST: blocked }: NetworkPolicy,
  address: string,
): boolean => !isInRanges(blocked, address) && (allowed.length === 0 || isInRanges(allowed, address))
