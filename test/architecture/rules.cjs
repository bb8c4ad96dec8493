// Imports point one way. A layer may import the layers above it in this list, and itself unless a rule forbids it.
const layers = [
  {
    name: 'bottom',
    files: '^src/(wire|errors|advice|host-object|validate|address|callback|resume-point)(\\.production)?\\.ts$',
  },
  {
    name: 'kernel',
    files:
      '^src/(attempt|plain|state|accumulate|schema|subscription-context|message-type|wire-memory|socket-frame|provider)\\.ts$',
  },
  { name: 'pure', files: '^src/(platform|policy|decoders)/' },
  { name: 'engine', files: '^src/(engine|http)/' },
  { name: 'operators', files: '^src/operators/' },
  { name: 'top', files: '^src/(store|run|outbox|upload-queue|transports)/' },
  { name: 'index', files: '^src/index\\.ts$' },
]

const upward = layers.slice(0, -1).map(({ name, files }, index) => ({
  name: `no-arrow-up-from-${name}`,
  severity: 'error',
  from: { path: files },
  to: { path: layers.slice(index + 1).map((layer) => layer.files) },
}))

const FRAMEWORKS = 'node_modules/(react|vue|svelte|solid-js|@angular|@preact)/'

module.exports = {
  forbidden: [
    ...upward,
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-file-without-a-layer',
      comment: 'A new folder must be added to a layer.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/', pathNot: layers.map((layer) => layer.files) },
    },
    {
      name: 'bottom-imports-nothing',
      comment: 'Two exceptions: an event may carry an error, and an option may be an object of the host.',
      severity: 'error',
      from: { path: '^src/(wire|errors|advice|host-object|validate|address|callback|resume-point)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(errors|advice|host-object|address)\\.ts$' },
    },
    {
      name: 'transports-apart',
      comment: 'A transport is one file or one folder.',
      severity: 'error',
      from: { path: '^src/transports/([^/]+)' },
      to: { path: '^src/transports/', pathNot: '^src/transports/$1' },
    },
    {
      name: 'policy-and-decoders-read-no-host',
      severity: 'error',
      from: { path: '^src/(policy|decoders)/' },
      to: { path: '^src/(http|platform/(page-lifecycle|globals))' },
    },
    {
      name: 'adapters-import-public-names-only',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^src/', pathNot: '^src/index\\.ts$' },
    },
    {
      name: 'adapters-apart',
      comment:
        'Two exceptions: the hooks over query-core are built on those of adapters/react, and what the adapters share is in adapters/reactive.',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/', pathNot: '^adapters/query/react/' },
      to: { path: '^adapters/', pathNot: '^adapters/($1|reactive)/' },
    },
    {
      name: 'react-needs-no-query-core',
      severity: 'error',
      from: { path: '^adapters/react/' },
      to: { path: 'node_modules/@tanstack/' },
    },
    {
      name: 'query-needs-no-react',
      severity: 'error',
      from: { path: '^adapters/query/', pathNot: '^adapters/query/react/' },
      to: { path: 'node_modules/react/|^adapters/query/react/' },
    },
    {
      name: 'framework-of-its-own',
      comment: 'An adapter imports its own framework, and what all adapters share imports none.',
      severity: 'error',
      from: { path: '^adapters/(reactive|vue|svelte|solid|angular|signals)/' },
      to: { path: FRAMEWORKS, pathNot: 'node_modules/(@$1|$1|$1-js|@preact/$1-core)/' },
    },
    {
      name: 'library-imports-no-tests-or-stories',
      severity: 'error',
      from: { path: '^(src|adapters)/' },
      to: { path: '^(test|storybook)/' },
    },
    {
      name: 'core-imports-no-framework',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: `node_modules/@tanstack/|${FRAMEWORKS}` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // TypeScript 7 has no compiler API that this tool can use.
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import'],
    },
  },
}
