import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { Transfers } from './transfers.tsx'
import code from './transfers.tsx?raw'

const meta: Meta<typeof Transfers> = {
  title: 'Files/Upload and download progress',
  component: Transfers,
  parameters: { demo: { code, guide: 'tasks/download' }, server: 'real' },
}

export default meta

const patience = { timeout: 30_000 }

export const Demo: StoryObj<typeof Transfers> = {}

/** A download and an upload, to their end. */
export const DownAndUp: StoryObj<typeof Transfers> = {
  tags: ['!dev'],
  name: 'down and up',
  play: withServer(async ({ canvas }) => {
    await waitFor(() => expect(canvas.getAllByRole('button', { name: 'Start' })).toHaveLength(2), patience)
    for (const button of canvas.getAllByRole('button', { name: 'Start' })) await userEvent.click(button)
    for (const name of ['A download', 'An upload']) {
      await waitFor(
        () => expect(canvas.getByRole('progressbar', { name })).toHaveAttribute('aria-valuenow', '100'),
        patience,
      )
    }
    await waitFor(() => {
      for (const badge of canvas.getAllByLabelText('Connection')) expect(badge).toHaveTextContent('closed')
    }, patience)
  }),
}
