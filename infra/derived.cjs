module.exports = require('./derived.ts').derivedForOsls
