module.exports = require('./bundling-plugin.ts').BundlingPlugin
