import { BlockList, isIP } from 'node:net'

/** https://www.iana.org/assignments/iana-ipv4-special-registry: what is not reached over the public internet. */
const specialIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16', // 169.254.169.254 and 169.254.170.2 give credentials to whoever asks
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/**
 * https://www.iana.org/assignments/ipv6-address-space: all that is global, so that loopback, unique local (fd00:ec2::254 gives
 * credentials), link-local, mapped and translated addresses (64:ff9b::/96) are not.
 */
const globalIpv6 = ['2000::/3']

/** Of these, what is no address of one machine: tunnels that carry an IPv4 address, benchmarks, documentation. */
const specialIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const listOf = (subnets: readonly string[], family: 'ipv4' | 'ipv6') => {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

let lists: { readonly special4: BlockList; readonly global6: BlockList; readonly special6: BlockList } | undefined

/** Whether an address is one of the public internet; a text that is no address is none. */
export const isPublicAddress = (address: string): boolean => {
  lists ??= {
    special4: listOf(specialIpv4, 'ipv4'),
    global6: listOf(globalIpv6, 'ipv6'),
    special6: listOf(specialIpv6, 'ipv6'),
  }
  switch (isIP(address)) {
    case 4:
      return !lists.special4.check(address, 'ipv4')
    case 6:
      return lists.global6.check(address, 'ipv6') && !lists.special6.check(address, 'ipv6')
    default:
      return false
  }
}
