import { AccessMapError, executionRoleName, lambdaFunctionName, type Stage } from '../../shared/access/index.ts'
import { type KeyPairLogin, toLoginVariables } from '../../shared/snowflake/index.ts'
import { attribute, policyDocument, type Statement, sub, type TemplateAdditions } from './cloudformation.ts'
import { keyPairStatements, parameterArn } from './snowflake-login-permissions.ts'

const ids = {
  task: 'SnowflakeProbeTask',
  taskRole: 'SnowflakeProbeTaskRole',
  startRole: 'SnowflakeProbeTaskStartRole',
  log: 'SnowflakeProbeTaskLog',
} as const

/**
 * The probe as a Fargate task, with the image of `--param probe-image=…`; without an image, no resources. ECS reads the key
 * pair from Parameter Store and passes it as two environment variables.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
 */
export const probeTask = (
  stageName: string,
  { snowflake }: Stage,
  region: string,
  image: string,
): TemplateAdditions => {
  if (image === '') return {}
  if (snowflake?.login !== 'key-pair') {
    throw new AccessMapError(
      `probe-image requires a key-pair login: write login: key-pair under snowflake of the stage ${stageName}, or omit the parameter`,
    )
  }
  const name = `${lambdaFunctionName(stageName, 'snowflake-probe')}-task`
  const roles = {
    // No caller role can end with this suffix.
    [ids.startRole]: roleResource(
      executionRoleName(stageName, 'snowflake-probe-task-start'),
      'Task execution role of the snowgate probe',
      startStatements(snowflake, image),
    ),
    // The login is a key pair: the container needs no AWS permissions.
    [ids.taskRole]: roleResource(
      executionRoleName(stageName, 'snowflake-probe-task'),
      'Task role of the snowgate probe',
      [],
    ),
  }
  return {
    Resources: {
      [ids.log]: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: `/aws/ecs/${name}`, RetentionInDays: 30 } },
      ...roles,
      [ids.task]: taskDefinition(name, snowflake, region, image),
    },
    Outputs: { [ids.task]: { Description: 'The task definition of the probe', Value: { Ref: ids.task } } },
  }
}

const roleResource = (roleName: string, description: string, statements: readonly Statement[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: roleName,
    Description: description,
    Path: '/',
    AssumeRolePolicyDocument: policyDocument({
      Sid: 'AssumeExecutionRole',
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Action: 'sts:AssumeRole',
      // Only tasks of this account. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
      Condition: {
        StringEquals: { 'aws:SourceAccount': sub('${AWS::AccountId}') },
        ArnLike: { 'aws:SourceArn': sub('arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:*') },
      },
    }),
    ...(statements.length > 0 && {
      Policies: [{ PolicyName: 'start', PolicyDocument: policyDocument(...statements) }],
    }),
  },
})

const startStatements = (login: KeyPairLogin, image: string): readonly Statement[] => [
  ...keyPairStatements(login, 'ssm:GetParameters'),
  {
    Sid: 'WriteOwnLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: attribute(ids.log, 'Arn'),
  },
  ...pullImage(image),
]

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html; other registries need no IAM permissions. */
const pullImage = (image: string): readonly Statement[] => {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z\d-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? []
  if (repository === undefined) return []
  return [
    // The action has no resource.
    { Sid: 'LogInToRegistry', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Sid: 'PullImage',
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: sub(`arn:\${AWS::Partition}:ecr:${region}:${account}:repository/${repository}`),
    },
  ]
}

const taskDefinition = (name: string, login: KeyPairLogin, region: string, image: string) => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: {
    Family: name,
    RequiresCompatibilities: ['FARGATE'],
    NetworkMode: 'awsvpc',
    Cpu: '256',
    Memory: '512',
    RuntimePlatform: { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' },
    ExecutionRoleArn: attribute(ids.startRole, 'Arn'),
    TaskRoleArn: attribute(ids.taskRole, 'Arn'),
    // The driver writes its OCSP cache there, and nothing else.
    Volumes: [{ Name: 'tmp' }],
    ContainerDefinitions: [
      {
        Name: 'probe',
        Image: image,
        Essential: true,
        User: '65532',
        ReadonlyRootFilesystem: true,
        MountPoints: [{ SourceVolume: 'tmp', ContainerPath: '/tmp' }],
        Environment: Object.entries(toLoginVariables(login, region)).map(([Name, Value]) => ({ Name, Value })),
        Secrets: [
          { Name: 'SECRET_KEY', ValueFrom: parameterArn(login.privateKey) },
          { Name: 'PRIVATE_KEY_PASSPHRASE', ValueFrom: parameterArn(login.passphrase) },
        ],
        LogConfiguration: {
          LogDriver: 'awslogs',
          Options: {
            'awslogs-group': { Ref: ids.log },
            'awslogs-region': { Ref: 'AWS::Region' },
            'awslogs-stream-prefix': 'probe',
          },
        },
      },
    ],
  },
})
