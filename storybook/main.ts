import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { StorybookConfig } from '@storybook/react-vite'
import remarkGfm from 'remark-gfm'
import { svelteComponents } from '../test/svelte-components.ts'
import { pageLinks } from './page-links.ts'
import { scenarioServer } from './scenario-server.ts'
import { siteData } from './site/site-data.ts'

const root = resolve(import.meta.dirname, '..')

/** A built Storybook has no server: routes of the demo server respond within the page, without the modules of Node. */
const inPage = {
  'node:events': resolve(root, 'storybook/stand-in/node/events.ts'),
  './proxy.ts': resolve(root, 'storybook/stand-in/node/proxy.ts'),
  './uploads.ts': resolve(root, 'storybook/stand-in/node/uploads.ts'),
}

/** The API reference, where `npm run reference` has made it. */
const reference = resolve(root, 'reference')
const hasReference = existsSync(reference)

const config: StorybookConfig = {
  stories: [{ directory: './docs', files: '**/*.mdx', titlePrefix: 'Docs' }, './stories/**/*.stories.tsx'],
  addons: [
    '@storybook/addon-vitest',
    {
      name: '@storybook/addon-docs',
      options: {
        // Stories have no generated pages, so this is not needed.
        csfPluginOptions: null,
        mdxPluginOptions: { mdxCompileOptions: { remarkPlugins: [remarkGfm, pageLinks] } },
      },
    },
  ],
  framework: '@storybook/react-vite',
  staticDirs: hasReference ? [{ from: reference, to: '/reference' }] : [],
  managerHead: (head) => (hasReference ? `${head}<script>globalThis.hasReference = true</script>` : head),
  // No data about the visitor is sent.
  core: { disableTelemetry: true, disableWhatsNewNotifications: true, enableCrashReports: false },
  features: { sidebarOnboardingChecklist: false },
  typescript: { reactDocgen: false },
  viteFinal: (vite, { configType }) => ({
    ...vite,
    plugins: [...(vite.plugins ?? []), svelteComponents(), scenarioServer(), siteData(root)],
    optimizeDeps: {
      ...vite.optimizeDeps,
      include: [
        ...(vite.optimizeDeps?.include ?? []),
        '@tanstack/query-core',
        '@tanstack/react-query',
        '@tanstack/react-query-devtools/production',
        '@preact/signals',
        '@preact/signals-core',
        'preact',
        'solid-js',
        'solid-js/web',
        'svelte',
        'svelte/internal/client',
        'svelte/internal/disclose-version',
        'svelte/reactivity',
        'svelte/store',
        'vue',
        'dompurify',
        'marked',
        'minisearch',
      ],
    },
    resolve: {
      ...vite.resolve,
      alias: {
        'rxwire/query/react': resolve(root, 'adapters/query/react/index.ts'),
        'rxwire/query': resolve(root, 'adapters/query/index.ts'),
        'rxwire/reactive': resolve(root, 'adapters/reactive/index.ts'),
        'rxwire/vue': resolve(root, 'adapters/vue/index.ts'),
        'rxwire/svelte': resolve(root, 'adapters/svelte/index.ts'),
        'rxwire/solid': resolve(root, 'adapters/solid/index.ts'),
        'rxwire/angular': resolve(root, 'adapters/angular/index.ts'),
        'rxwire/signals': resolve(root, 'adapters/signals/index.ts'),
        'rxwire/models': resolve(root, 'adapters/models/index.ts'),
        'rxwire/server': resolve(root, 'adapters/server/index.ts'),
        'rxwire/tabs': resolve(root, 'adapters/tabs/index.ts'),
        'rxwire/testing': resolve(root, 'adapters/testing/index.ts'),
        'rxwire/react': resolve(root, 'adapters/react/index.ts'),
        rxwire: resolve(root, 'src/index.ts'),
        ...(configType === 'PRODUCTION' && inPage),
      },
    },
  }),
}

export default config
