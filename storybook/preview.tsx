import type { Preview } from '@storybook/react-vite'
import { type ComponentProps, lazy, Suspense } from 'react'
import type { DocsPage } from './docs-page.tsx'
import { DemoFrame, type DemoParameters } from './panels/demo-frame.tsx'
import { showTheme } from './show-theme.ts'
import { ColumnHeading, ScrollingTable } from './site/scrolling-table.tsx'
import { hasServer } from './stand-in/has-server.ts'
import { Recording } from './stand-in/recording.tsx'
import { ServerNotice } from './stand-in/server-notice.tsx'
import './theme/index.css'

// Loaded with the first page: stories have no use for it.
const LazyDocsPage = lazy(async () => ({ default: (await import('./docs-page.tsx')).DocsPage }))

const preview: Preview = {
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        title: 'Theme',
        icon: 'contrast',
        items: [
          { value: 'system', title: 'As the system', icon: 'browser' },
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
        dynamicTitle: true,
      },
    },
  },
  initialGlobals: { theme: 'system' },
  parameters: {
    layout: 'fullscreen',
    controls: { disable: true },
    actions: { disable: true },
    docs: {
      components: { table: ScrollingTable, th: ColumnHeading },
      container: (props: ComponentProps<typeof DocsPage>) => (
        <Suspense>
          <LazyDocsPage {...props} />
        </Suspense>
      ),
    },
    // Without a server, the routes of a 'stand-in' story respond within the page. A 'real' story is shown as a recording.
    server: 'stand-in',
    options: {
      storySort: {
        order: [
          'Break it',
          'Docs',
          [
            'start',
            'tasks',
            ['live-feed', 'durable-streams', 'chat', 'language-model', 'requests', 'large-upload', 'download', '*'],
            'recipes',
            'concepts',
            ['events-and-state', 'backpressure', 'exactly-once', '*'],
            'reference',
            ['events', 'reconnecting', 'close-codes', 'errors', 'limits', 'hints', '*'],
            'api',
            [
              'server-sent-events',
              'web-socket',
              'fetch-streams',
              'requests',
              'polling',
              'uploads',
              'store-and-operators',
              '*',
            ],
            'faq',
            'compare',
            'migration',
            'demos-and-tests',
            'decisions',
            ['engine', 'http', 'outbox', 'uploads', 'react', 'packaging', 'tests', '*'],
          ],
          'Live data',
          ['Live feed', 'Ten thousand a second', '*'],
          'Model answer',
          'Chat',
          'Files',
          'Requests',
          'React',
          '*',
          'Panels',
        ],
      },
    },
  },
  loaders: hasServer
    ? []
    : [
        async () => {
          const { installPageServer } = await import('./stand-in/page-server.ts')
          installPageServer()
        },
      ],
  decorators: [
    (Story, { componentId, globals, parameters, title, name, viewMode }) => {
      showTheme(String(globals['theme']))
      const demo = parameters['demo'] as DemoParameters | undefined
      const isMissing = !hasServer && parameters['server'] === 'real'
      const recording = <Recording of={componentId} />
      const content = (
        <>
          {!hasServer && parameters['server'] === 'stand-in' && <ServerNotice server="stood in for" />}
          {demo === undefined ? <Story /> : <DemoFrame {...demo}>{isMissing ? recording : Story()}</DemoFrame>}
        </>
      )
      // A page of the documentation has a main part and a heading of its own.
      if (viewMode === 'docs') return <div className="stage">{content}</div>
      return (
        <main className="stage">
          {parameters['hasHeading'] !== true && (
            <h1 className="visually-hidden">
              {title}: {name}
            </h1>
          )}
          {content}
        </main>
      )
    },
  ],
}

export default preview
