/** `{"Fn::Sub": …}`: CloudFormation puts the values of `${AWS::Partition}` and the like into the text. */
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

/** What a part of `infra/` adds to the template, in the form in which osls takes it. */
export interface Additions {
  readonly Resources?: Readonly<Record<string, unknown>>
  readonly Outputs?: Readonly<Record<string, unknown>>
  /** Changes to resources that osls itself writes. */
  readonly extensions?: Readonly<Record<string, unknown>>
}
