import { readYaml, type YamlPath } from './read-yaml.ts'

/** The line, from 1, of a key or list item of a trust map; of the nearest thing around it when it is not there. */
export const lineOf = (yamlText: string, path: YamlPath): number => readYaml(yamlText).position({ path }).line
