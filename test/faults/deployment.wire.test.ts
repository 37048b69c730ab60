import { deploymentFaults } from '../../local/faults/deployment.ts'
import { holdFaults } from './hold-faults.ts'

holdFaults(deploymentFaults)
