import { awsCli } from './aws-cli.ts'
import { awscurl } from './awscurl.ts'
import { boto3 } from './boto3.ts'
import type { Client } from './client-call.ts'
import { curl } from './curl.ts'
import { sdkJs } from './sdk-js.ts'
import { udf } from './udf.ts'

/** docs/clients.md has a section for each. */
export const clients: readonly Client[] = [udf, boto3, awscurl, curl, awsCli, sdkJs]
