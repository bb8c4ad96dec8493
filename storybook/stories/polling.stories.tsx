import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor } from 'storybook/test'
import { Polling } from './polling.tsx'
import code from './polling.tsx?raw'

const meta: Meta<typeof Polling> = {
  title: 'Live data/Polling',
  component: Polling,
  parameters: { demo: { code, guide: 'tasks/polling' } },
}

export default meta

const patience = { timeout: 30_000 }

export const Demo: StoryObj<typeof Polling> = {}

/** The state changes, cannot be read for some seconds, and can be read again. */
export const WithAnETag: StoryObj<typeof Polling> = {
  tags: ['!dev'],
  name: 'polling with ETag',
  play: async ({ canvas }) => {
    const count = (name: string) => Number(canvas.getByTitle(name).textContent)
    await waitFor(() => expect(canvas.getByText('Packed')).toHaveAttribute('aria-current', 'step'), patience)
    expect(count('Unchanged (304)')).toBeGreaterThan(count('New (200)'))
    await userEvent.click(canvas.getByRole('button', { name: 'Server down 4 s' }))
    await waitFor(() => expect(canvas.getByLabelText('Connection')).toHaveTextContent('waiting'), patience)
    // What was known stays on the page.
    expect(canvas.getByLabelText('Parcel').querySelector('[aria-current]')).not.toBeNull()
    await waitFor(() => expect(canvas.getByLabelText('Connection')).toHaveTextContent('open'), patience)
    await userEvent.click(canvas.getByLabelText('2 s'))
    await waitFor(() => expect(canvas.getByLabelText('Connection')).toHaveTextContent('open'), patience)
    expect(count('Failed (503)')).toBeGreaterThan(0)
  },
}
