import { snowflakeCallFaults } from '../../local/faults/snowflake-calls.ts'
import { snowflakeLoginFaults } from '../../local/faults/snowflake-login.ts'
import { holdFaults } from './hold-faults.ts'

holdFaults(snowflakeCallFaults)
holdFaults(snowflakeLoginFaults)
