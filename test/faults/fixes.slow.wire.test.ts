import { plainFaults, storedKeyFaults, tokenFaults, unansweredFaults } from './fault-groups.ts'
import { holdFixes, holdRestart, holdSymptoms } from './hold-faults.ts'

holdSymptoms(unansweredFaults)
holdFixes([...plainFaults, ...unansweredFaults])
holdFixes(tokenFaults)
holdFixes(storedKeyFaults)
holdRestart()
