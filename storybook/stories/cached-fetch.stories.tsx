import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { CachedFetch } from './cached-fetch.tsx'
import code from './cached-fetch.tsx?raw'

const meta: Meta<typeof CachedFetch> = {
  title: 'Requests/useFetch',
  component: CachedFetch,
  parameters: { demo: { code, guide: 'tasks/requests' }, server: 'real' },
}

export default meta

const patience = { timeout: 30_000 }

export const Demo: StoryObj<typeof CachedFetch> = {}

/** One request for two components, a stale response that is requested again, and a retry after a refusal. */
export const SharedAndKept: StoryObj<typeof CachedFetch> = {
  tags: ['!dev'],
  name: 'shared and kept',
  play: withServer(async ({ canvas }) => {
    const both = async (status: string) => {
      for (const title of ['One component', 'Another one']) {
        await waitFor(() => expect(canvas.getByLabelText(`${title}, status`)).toHaveTextContent(status), patience)
      }
    }
    const requests = () => Number(canvas.getByTitle('Requests in all').textContent)
    await waitFor(() => expect(canvas.getByLabelText('Another one, download')).not.toHaveProperty('value', 0), patience)
    await both('success')
    expect(requests()).toBe(1)

    await userEvent.click(canvas.getByRole('button', { name: 'Take both away' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Show both again' }))
    // Stale: it is shown and requested again.
    expect(canvas.getAllByText('A report of 3.0 MB')).toHaveLength(2)
    await both('fetching')
    await both('success')
    expect(requests()).toBe(2)

    await userEvent.click(canvas.getByLabelText('never'))
    await userEvent.click(canvas.getByRole('button', { name: 'Take both away' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Show both again' }))
    await both('success')
    expect(requests()).toBe(2)

    expect(canvas.getByRole('alert')).toHaveTextContent('404')
    await userEvent.click(canvas.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(canvas.getByLabelText('A refusal, status')).toHaveTextContent('success'), patience)
  }),
}
