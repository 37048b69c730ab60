import { readYaml, type YamlPath } from './read-yaml.ts'

/** The line, from 1, of a key or list item in an access map, or of its closest existing parent. */
export const lineOf = (yamlText: string, path: YamlPath): number => readYaml(yamlText).position({ path }).line
