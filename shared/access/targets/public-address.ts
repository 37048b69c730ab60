import { BlockList, isIP } from 'node:net'

/** https://www.iana.org/assignments/iana-ipv4-special-registry: addresses that are not public. */
const specialIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16', // 169.254.169.254 and 169.254.170.2 return credentials to any client
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
 * https://www.iana.org/assignments/ipv6-address-space: global unicast only. Excludes loopback, unique local (fd00:ec2::254
 * returns credentials), link-local, mapped and translated addresses (64:ff9b::/96).
 */
const globalIpv6 = ['2000::/3']

/** Exceptions: tunnels that contain an IPv4 address, benchmarks, documentation. */
const specialIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const toBlockList = (subnets: readonly string[], family: 'ipv4' | 'ipv6') => {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

let blockLists: { readonly special4: BlockList; readonly global6: BlockList; readonly special6: BlockList } | undefined

/** Whether a text is a public IP address. */
export const isPublicAddress = (address: string): boolean => {
  blockLists ??= {
    special4: toBlockList(specialIpv4, 'ipv4'),
    global6: toBlockList(globalIpv6, 'ipv6'),
    special6: toBlockList(specialIpv6, 'ipv6'),
  }
  switch (isIP(address)) {
    case 4:
      return !blockLists.special4.check(address, 'ipv4')
    case 6:
      return blockLists.global6.check(address, 'ipv6') && !blockLists.special6.check(address, 'ipv6')
    default:
      return false
  }
}
