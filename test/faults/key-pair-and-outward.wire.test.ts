import { keyPairFaults } from '../../local/faults/key-pair.ts'
import { outwardFaults } from '../../local/faults/outward.ts'
import { holdFaults } from './hold-faults.ts'

holdFaults(keyPairFaults)
holdFaults(outwardFaults)
