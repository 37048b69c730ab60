import { AccessMapError, executionRoleName, lambdaFunctionName, type Stage } from '../../shared/access/index.ts'
import { type KeyPairLogin, writeLogin } from '../../shared/snowflake/index.ts'
import { type Additions, attribute, policyDocument, type Statement, sub } from '../cloudformation.ts'
import { parameterArn, readSecrets } from '../snowflake-login.ts'

const ids = {
  task: 'SnowflakeProbeTask',
  taskRole: 'SnowflakeProbeTaskRole',
  startRole: 'SnowflakeProbeTaskStartRole',
  log: 'SnowflakeProbeTaskLog',
} as const

/**
 * The probe as a Fargate task, for the image that `--param probe-image=…` names; without one nothing at all. Its key pair
 * arrives as two variables, which ECS reads from Parameter Store as it starts the task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
 */
export const probeTask = (stageName: string, { snowflake }: Stage, region: string, image: string): Additions => {
  if (image === '') return {}
  if (snowflake?.login !== 'key-pair') {
    throw new AccessMapError(
      `a probe-image is given, and the task logs in by key pair: write login: key-pair under snowflake of the stage ${stageName}, or leave the parameter out`,
    )
  }
  const name = `${lambdaFunctionName(stageName, 'snowflake-probe')}-task`
  const roles = {
    // Their names end as no door role's may.
    [ids.startRole]: role(
      executionRoleName(stageName, 'snowflake-probe-task-start'),
      'What ECS starts the probe of snowgate with',
      start(snowflake, image),
    ),
    // The key pair is the login: the container itself needs nothing of AWS.
    [ids.taskRole]: role(
      executionRoleName(stageName, 'snowflake-probe-task'),
      'What the probe of snowgate runs as',
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

const role = (roleName: string, description: string, statements: readonly Statement[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: roleName,
    Description: description,
    Path: '/',
    AssumeRolePolicyDocument: policyDocument({
      Sid: 'RunAs',
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Action: 'sts:AssumeRole',
      // Nobody else's tasks. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
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

const start = (login: KeyPairLogin, image: string): readonly Statement[] => [
  ...readSecrets(login, 'ssm:GetParameters'),
  {
    Sid: 'WriteOwnLog',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: attribute(ids.log, 'Arn'),
  },
  ...pullImage(image),
]

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html; other registries need nothing of IAM. */
const pullImage = (image: string): readonly Statement[] => {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z\d-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? []
  if (repository === undefined) return []
  return [
    // The action knows no resource.
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
    // The driver keeps what it learns of revoked certificates there, and nothing else is written.
    Volumes: [{ Name: 'tmp' }],
    ContainerDefinitions: [
      {
        Name: 'probe',
        Image: image,
        Essential: true,
        User: '65532',
        ReadonlyRootFilesystem: true,
        MountPoints: [{ SourceVolume: 'tmp', ContainerPath: '/tmp' }],
        Environment: Object.entries(writeLogin(login, region)).map(([Name, Value]) => ({ Name, Value })),
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
