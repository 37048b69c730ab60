import { callingFaults } from '../../local/faults/calling.ts'
import { doorFaults } from '../../local/faults/doors.ts'
import { holdFaults } from './hold-faults.ts'

holdFaults(callingFaults)
holdFaults(doorFaults)
