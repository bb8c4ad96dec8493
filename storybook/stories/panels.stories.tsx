import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent } from 'storybook/test'
import { PanelGallery } from './panel-gallery.tsx'

const meta: Meta<typeof PanelGallery> = {
  title: 'Panels/All of them',
  component: PanelGallery,
  parameters: { server: 'none' },
}

export default meta

/** What the demos are made of. */
export const Gallery: StoryObj<typeof PanelGallery> = {
  tags: ['!dev'],
  args: { onSend: fn() },
  play: async ({ canvas, args }) => {
    await userEvent.type(canvas.getByLabelText('Say something'), 'hello{Enter}')
    await expect(args.onSend).toHaveBeenCalledWith('hello')
    await expect(canvas.getByLabelText('Say something')).toHaveValue('')
  },
}
