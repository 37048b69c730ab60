import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { bundle } from './bundle-function.ts'

/** Writes the `docker build` context to `.build/task` and prints the next command. */
const root = join(import.meta.dirname, '..', '..')
const folder = join(root, '.build', 'task')

const { entry, code, additionalFiles } = await bundle(root, 'functions/snowflake-probe/task')
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const file of [{ path: entry, code }, ...additionalFiles])
  await writeFile(join(folder, basename(file.path)), file.code)
await copyFile(join(import.meta.dirname, 'Dockerfile'), join(folder, 'Dockerfile'))
process.stdout.write(`Next: docker build --platform linux/amd64 -t <repository>:<tag> ${folder}\n`)
