/** The expected policies of stage `dev` in the access map of the tests. */

const serviceAccount = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }
const callerRoleArn = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}` })
export const routeArn = (stage: string, method: string, path = '/hello') => ({
  'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${ApiGatewayRestApi}/${stage}/${method}${path}`,
})
const functionIds = {
  hello: 'HelloLambdaFunction',
  invoke: 'InvokeLambdaFunction',
  'snowflake-probe': 'SnowflakeDashprobeLambdaFunction',
}
export const functionArn = (name: keyof typeof functionIds) => ({ 'Fn::GetAtt': [functionIds[name], 'Arn'] })

const reporting = 'arn:aws:iam::444444444444:role/ReportingRole'

export const devResourcePolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'AllowSnowflake',
      Effect: 'Allow',
      Principal: { AWS: [serviceAccount] },
      Action: ['execute-api:Invoke'],
      Resource: [
        'execute-api:/dev/POST/hello',
        'execute-api:/dev/GET/hello',
        'execute-api:/dev/POST/invoke',
        'execute-api:/dev/POST/snowflake-probe',
      ],
      Condition: { ArnEquals: { 'aws:PrincipalArn': [callerRoleArn('snowgate-dev-snowflake')] } },
    },
    {
      Sid: 'AllowAnalytics',
      Effect: 'Allow',
      Principal: { AWS: [serviceAccount] },
      Action: ['execute-api:Invoke'],
      Resource: [
        'execute-api:/dev/POST/hello',
        'execute-api:/dev/PUT/hello',
        'execute-api:/dev/GET/hello',
        'execute-api:/dev/POST/invoke',
        'execute-api:/dev/POST/snowflake-probe',
      ],
      Condition: { ArnEquals: { 'aws:PrincipalArn': [callerRoleArn('snowgate-dev-analytics')] } },
    },
    {
      Sid: 'AllowReporting',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::444444444444:root'] },
      Action: ['execute-api:Invoke'],
      // osls writes a list with one item as a string.
      Resource: 'execute-api:/dev/POST/hello',
      Condition: { ArnEquals: { 'aws:PrincipalArn': [reporting] } },
    },
    {
      Sid: 'DenyAllOthers',
      Effect: 'Deny',
      Principal: '*',
      Action: ['execute-api:Invoke'],
      Resource: 'execute-api:/*',
      Condition: {
        ArnNotEquals: {
          'aws:PrincipalArn': [
            callerRoleArn('snowgate-dev-snowflake'),
            callerRoleArn('snowgate-dev-analytics'),
            reporting,
          ],
        },
      },
    },
  ],
}

const executionRole = (name: string, logGroup: string, ...more: readonly object[]) => ({
  RoleName: `snowgate-dev-${name}-function`,
  Description: `Execution role of ${name}, snowgate dev`,
  Path: '/',
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AssumeExecutionRole',
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ],
  },
  Policies: [
    {
      PolicyName: 'log',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'WriteOwnLog',
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] },
          },
        ],
      },
    },
    ...more,
  ],
})

export const devRoles = [
  executionRole('hello', 'HelloLogGroup'),
  executionRole('invoke', 'InvokeLogGroup', {
    PolicyName: 'targets',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AssumeTargetRoles',
          Effect: 'Allow',
          Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
          Resource: ['arn:aws:iam::333333333333:role/NeptuneReader', 'arn:aws:iam::555555555555:role/OrdersClient'],
        },
      ],
    },
  }),
  // Workload identity: the role itself is the login.
  executionRole('snowflake-probe', 'SnowflakeDashprobeLogGroup'),
  {
    RoleName: 'snowgate-dev-snowflake',
    Description: 'Caller role of snowgate dev for snowflake',
    Path: '/',
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AssumeCallerRole',
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::999999999999:user/abcd-s-example'] },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: {
              'sts:ExternalId': [
                'ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=',
                'ABC12345_SFCRole=1_QCBmNzZB83hSyss9gj1/HZeV+jq=',
              ],
            },
          },
        },
      ],
    },
    Policies: [
      {
        PolicyName: 'routes',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'CallRoutes',
              Effect: 'Allow',
              Action: 'execute-api:Invoke',
              Resource: [
                routeArn('dev', 'POST'),
                routeArn('dev', 'GET'),
                routeArn('dev', 'POST', '/invoke'),
                routeArn('dev', 'POST', '/snowflake-probe'),
              ],
            },
          ],
        },
      },
    ],
  },
  {
    RoleName: 'snowgate-dev-analytics',
    Description: 'Caller role of snowgate dev for analytics',
    Path: '/',
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AssumeCallerRole',
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::222222222222:role/LambdaRoleDeve'] },
          Action: 'sts:AssumeRole',
        },
      ],
    },
    Policies: [
      {
        PolicyName: 'routes',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'CallRoutes',
              Effect: 'Allow',
              Action: 'execute-api:Invoke',
              Resource: [
                routeArn('dev', 'POST'),
                routeArn('dev', 'PUT'),
                routeArn('dev', 'GET'),
                routeArn('dev', 'POST', '/invoke'),
                routeArn('dev', 'POST', '/snowflake-probe'),
              ],
            },
            {
              Sid: 'InvokeFunctions',
              Effect: 'Allow',
              Action: 'lambda:InvokeFunction',
              Resource: [functionArn('hello')],
            },
          ],
        },
      },
    ],
  },
]
