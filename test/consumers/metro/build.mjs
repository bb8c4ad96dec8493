import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { loadConfig, runBuild } = require('metro')

const projectRoot = import.meta.dirname
const config = await loadConfig({ cwd: projectRoot }, { projectRoot, resetCache: true, maxWorkers: 1 })
// React Native has this in its preset of Babel.
const getTransformOptions = async () => ({ transform: { experimentalImportSupport: true, inlineRequires: false } })
const quiet = {
  ...config,
  reporter: { update: () => {} },
  transformer: { ...config.transformer, getTransformOptions },
  resolver: { ...config.resolver, useWatchman: false },
}
await runBuild(quiet, { entry: 'main.js', platform: 'web', dev: false, minify: false, out: 'bundle.js' })
process.exit()
