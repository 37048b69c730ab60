import { plainFaults, storedKeyFaults, tokenFaults } from './fault-groups.ts'
import { holdStoppedStack, holdSymptoms } from './hold-faults.ts'

holdSymptoms(plainFaults)
holdSymptoms(tokenFaults)
holdSymptoms(storedKeyFaults)
holdStoppedStack()
