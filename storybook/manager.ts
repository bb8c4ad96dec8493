import { addons } from 'storybook/manager-api'
import { create } from 'storybook/theming/create'

const base = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'

addons.setConfig({
  theme: create({ base, brandTitle: 'rxwire', brandUrl: './', brandTarget: '_self' }),
  // The demos want the room. Who looks for the steps of a test finds them with the key A.
  showPanel: false,
})
