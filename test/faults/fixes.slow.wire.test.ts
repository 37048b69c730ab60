import { plainFaults, storedKeyFaults, tokenFaults, unansweredFaults } from './fault-groups.ts'
import { testFixes, testRestart, testSymptoms } from './test-faults.ts'

testSymptoms(unansweredFaults)
testFixes([...plainFaults, ...unansweredFaults])
testFixes(tokenFaults)
testFixes(storedKeyFaults)
testRestart()
