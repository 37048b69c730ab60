import { plainFaults, storedKeyFaults, tokenFaults } from './fault-groups.ts'
import { testStoppedStack, testSymptoms } from './test-faults.ts'

testSymptoms(plainFaults)
testSymptoms(tokenFaults)
testSymptoms(storedKeyFaults)
testStoppedStack()
