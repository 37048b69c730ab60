module.exports = require('./derive-template.ts').resolveForOsls
