/** `{"Fn::Sub": …}`: CloudFormation substitutes `${AWS::Partition}` and similar. */
export interface Sub {
  readonly 'Fn::Sub': string
}

export const sub = (text: string): Sub => ({ 'Fn::Sub': text })

export const attribute = (logicalId: string, name: string) => ({ 'Fn::GetAtt': [logicalId, name] })

export interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: unknown
  readonly Action: string | readonly string[]
  readonly Resource?: unknown
  readonly Condition?: Readonly<Record<string, unknown>>
}

export const policyDocument = (...statements: readonly Statement[]) => ({
  Version: '2012-10-17',
  Statement: statements,
})

/** The additions of a module of `infra/` to the template, in osls's format. */
export interface TemplateAdditions {
  readonly Resources?: Readonly<Record<string, unknown>>
  readonly Outputs?: Readonly<Record<string, unknown>>
  /** Changes to resources that osls generates. */
  readonly extensions?: Readonly<Record<string, unknown>>
}
