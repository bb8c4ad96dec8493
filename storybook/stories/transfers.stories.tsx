import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { Transfers } from './transfers.tsx'

const meta: Meta<typeof Transfers> = {
  title: 'Fetch/Transfers',
  component: Transfers,
  parameters: { server: 'real' },
}

export default meta

const patience = { timeout: 30_000 }

/** A download and an upload, to their end. */
export const DownAndUp: StoryObj<typeof Transfers> = {
  name: 'down and up',
  play: withServer(async ({ canvas }) => {
    await waitFor(() => expect(canvas.getAllByRole('button', { name: 'Start' })).toHaveLength(2), patience)
    for (const button of canvas.getAllByRole('button', { name: 'Start' })) await userEvent.click(button)
    for (const name of ['A download', 'An upload']) {
      await waitFor(() => expect(canvas.getByLabelText(name)).toHaveProperty('value', 1), patience)
    }
    await waitFor(() => {
      for (const badge of canvas.getAllByLabelText('Connection')) expect(badge).toHaveTextContent('closed')
    }, patience)
  }),
}
