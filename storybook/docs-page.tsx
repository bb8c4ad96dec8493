import { DocsContainer, type DocsContainerProps } from '@storybook/addon-docs/blocks'
import { type PropsWithChildren, useEffect, useState, useSyncExternalStore } from 'react'
import { create } from 'storybook/theming'
import './docs-page.css'
import { showTheme } from './show-theme.ts'
import { EditLink } from './site/edit-link.tsx'
import { Search } from './site/search.tsx'
import { TableOfContents } from './site/table-of-contents.tsx'
import './site/site.css'

const fonts = {
  fontBase: 'system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif',
  fontCode: 'ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", Menlo, monospace',
}

const themes = {
  light: create({
    ...fonts,
    base: 'light',
    colorPrimary: '#4b48d6',
    colorSecondary: '#4b48d6',
    appContentBg: '#ffffff',
    appBorderColor: '#e1e4ea',
    textColor: '#171b22',
  }),
  dark: create({
    ...fonts,
    base: 'dark',
    colorPrimary: '#9a97ff',
    colorSecondary: '#9a97ff',
    appContentBg: '#0e1116',
    appBorderColor: '#2a313b',
    textColor: '#e8ebf0',
  }),
}

const system = matchMedia('(prefers-color-scheme: dark)')

function onSystemChange(changed: () => void): () => void {
  system.addEventListener('change', changed)
  return () => system.removeEventListener('change', changed)
}

/** What a page of the documentation stands in: light or dark as the stories are. */
export function DocsPage({ context, children }: PropsWithChildren<DocsContainerProps>) {
  const isDarkSystem = useSyncExternalStore(onSystemChange, () => system.matches)
  const [theme, setTheme] = useState(() =>
    themeIn(context.channel.last('globalsUpdated') ?? context.channel.last('setGlobals')),
  )
  useEffect(() => {
    const update = (...told: unknown[]) => setTheme(themeIn(told))
    context.channel.on('globalsUpdated', update)
    return () => context.channel.off('globalsUpdated', update)
  }, [context])
  useEffect(() => showTheme(theme), [theme])
  const isDark = theme === 'dark' || (theme === 'system' && isDarkSystem)
  return (
    <DocsContainer context={context} theme={isDark ? themes.dark : themes.light}>
      <header className="docs-header">
        <Search />
      </header>
      <TableOfContents />
      <main className="docs-text" id="docs-text">
        {children}
      </main>
      <footer className="docs-footer">
        <EditLink />
      </footer>
    </DocsContainer>
  )
}

function themeIn(told: unknown): string {
  const [{ globals }] = (told ?? [{}]) as [{ globals?: { theme?: string } }]
  return globals?.theme ?? 'system'
}
