import { createElement } from 'react'
import { addons, types } from 'storybook/manager-api'
import { create } from 'storybook/theming/create'

const base = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

addons.setConfig({
  theme: create({ base, brandTitle: 'rxwire', brandUrl: './', brandTarget: '_self' }),
  // The demos want the room. Who looks for the steps of a test finds them with the key A.
  layout: { showPanel: false },
  sidebar: { renderLabel: ({ id, name }) => (isPage(id) ? spoken(name) : name) },
})

if ('hasReference' in globalThis) {
  const style = { alignSelf: 'center', padding: '0 10px', color: 'inherit', fontSize: 13 }
  addons.register('rxwire', () =>
    addons.add('rxwire/reference', {
      type: types.TOOLEXTRA,
      title: 'API reference',
      render: () => createElement('a', { href: './reference/index.html', style }, 'API reference'),
    }),
  )
}

// The preview does the same while it has the focus.
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, select') !== null
  if (event.key !== '/' || isTyping) return
  const preview = document.querySelector<HTMLIFrameElement>('#storybook-preview-iframe')
  const field = preview?.contentDocument?.querySelector<HTMLInputElement>('#docs-search')
  if (!field) return
  event.preventDefault()
  field.focus()
})

/** Pages are named after their files; of those about migration, that is the name of a package. */
function isPage(id: string): boolean {
  return id.startsWith('docs') && !id.startsWith('docs-migration-')
}

function spoken(fileName: string): string {
  if (fileName === 'api') return 'API'
  return fileName.charAt(0).toUpperCase() + fileName.slice(1).replaceAll('-', ' ')
}
