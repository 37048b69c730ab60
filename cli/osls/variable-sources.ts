/**
 * Whether serverless.yml takes values from elsewhere than the command's flags, itself and `infra/`: from the environment, from
 * AWS, from other files or plugins. Its package may then differ while the sources are the same.
 */
export const readsOtherSources = (serviceFile: string): boolean =>
  [...serviceFile.matchAll(/\$\{([^}]*)\}/g)].some(([, sources = '']) => sources.split(',').some(isOther)) ||
  /^\s*-\s*\.\/(?!infra\/)/m.test(serviceFile)

/** `env:NAME` and `file(path)`, but not `AWS::Region`, which CloudFormation replaces, nor a default value. */
const isOther = (source: string): boolean =>
  /^\s*\w+\s*(?:\(|:(?!:))/.test(source) &&
  !/^\s*(?:opt:(?:stage|region)\b|self:|sls:stage\b|file\(infra\/)/.test(source)
