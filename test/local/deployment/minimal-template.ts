interface Parts {
  readonly variables?: Readonly<Record<string, unknown>>
  readonly conditions?: Readonly<Record<string, unknown>>
  readonly resources?: Readonly<Record<string, unknown>>
  readonly apiProperties?: Readonly<Record<string, unknown>>
  readonly methodProperties?: Readonly<Record<string, unknown>>
  readonly functionProperties?: Readonly<Record<string, unknown>>
}

const lambdaUri = {
  'Fn::Sub':
    'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations',
}

/** The smallest template that the local stack takes: one API with `POST /hello`, one function, one role. */
export const template = (parts: Parts = {}) => ({
  Parameters: { Colour: { Type: 'String', Default: 'blue' } },
  Conditions: parts.conditions ?? {},
  Resources: {
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { Name: 'api', EndpointConfiguration: { Types: ['REGIONAL'] }, ...parts.apiProperties },
    },
    Hello: {
      Type: 'AWS::ApiGateway::Resource',
      Properties: {
        RestApiId: { Ref: 'Api' },
        ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
        PathPart: 'hello',
      },
    },
    Method: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        ResourceId: { Ref: 'Hello' },
        HttpMethod: 'POST',
        AuthorizationType: 'AWS_IAM',
        Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: lambdaUri },
        ...parts.methodProperties,
      },
    },
    Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: { Ref: 'Api' }, StageName: 'dev' } },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'greeter',
        Code: { S3Bucket: 'bucket', S3Key: 'some/prefix/greeter.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Environment: { Variables: parts.variables ?? {} },
        ...parts.functionProperties,
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'executor', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
    ...parts.resources,
  },
})
