/** What becomes of an error between the place where it was shown and the place where it is pasted. */
export const pasted: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'with other lines around it': (text) =>
    `+ make probe\n2026-11-24T04:43:16Z calling …\n\n${text}\n\nmake: *** [probe] Error 1\n`,
  'as the message of an exception': (text) =>
    `Traceback (most recent call last):\n  File "/var/task/app.py", line 12, in handler\n    connect()\nsome.module.errors.SomeError: ${text}`,
  'with the frames of a stack behind it': (text) =>
    `Error: ${text}\n    at Object.callback (/var/task/index.js:165:23)\n    at process.processTicksAndRejections (node:internal/process/task_queues:104:5) {\n  name: 'Error'\n}`,
  'with carriage returns': (text) => text.replaceAll('\n', '\r\n'),
  'in colours': (text) =>
    text
      .split(' ')
      .map((word) => `\u001b[31;1m${word}\u001b[0m`)
      .join(' '),
  'behind a link of a terminal': (text) => `\u001b]8;;https://example.com/log\u001b\\\\line 12\u001b]8;;\u0007 ${text}`,
  'as JSON': (text) => JSON.stringify({ level: 'error', cause: text }),
  'as JSON in JSON': (text) => JSON.stringify({ body: JSON.stringify({ cause: text }) }),
  'as JSON with everything escaped': (text) =>
    `"${[...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
  'from a web page': (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  'with the quotation marks of a word processor': (text) =>
    text.replace(/'([^']*)'/g, '‘$1’').replace(/"([^"]*)"/g, '“$1”'),
  'as an answer to a mail': (text) => broken(text, 72).replace(/^/gm, '> '),
  'broken at blanks': (text) => broken(text, 60),
  'cut by a terminal': (text) => cut(text, 79),
  'cut by a terminal, in a box': (text) => cut(text, 77).replace(/^/gm, '│ '),
}

/** As mail programs do: at the last blank before the width. */
const broken = (text: string, width: number): string =>
  text.split(' ').reduce((lines, word) => {
    const last = lines.length - lines.lastIndexOf('\n') - 1
    return `${lines}${last + word.length < width ? ' ' : '\n'}${word}`
  })

const cut = (text: string, width: number): string =>
  text.replace(/\n/g, ' ').replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n')
