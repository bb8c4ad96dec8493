import { addons } from 'storybook/manager-api'
import { create } from 'storybook/theming/create'

const base = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

addons.setConfig({
  theme: create({ base, brandTitle: 'rxwire', brandUrl: './', brandTarget: '_self' }),
  // The demos want the room. Who looks for the steps of a test finds them with the key A.
  layout: { showPanel: false },
  // Pages are named after their files.
  sidebar: { renderLabel: ({ id, name }) => (id.startsWith('docs') ? spoken(name) : name) },
})

function spoken(fileName: string): string {
  return fileName.charAt(0).toUpperCase() + fileName.slice(1).replaceAll('-', ' ')
}
