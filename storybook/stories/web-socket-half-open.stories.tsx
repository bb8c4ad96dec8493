import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { HalfOpenLink } from './half-open-link.tsx'
import code from './half-open-link.tsx?raw'

const meta: Meta<typeof HalfOpenLink> = {
  title: 'Chat/Half-open connection',
  component: HalfOpenLink,
  parameters: { demo: { code, guide: 'tasks/chat' }, server: 'real' },
}

export default meta

const patience = { timeout: 30_000 }

export const Demo: StoryObj<typeof HalfOpenLink> = {}

/** A link that has died without a word, found by one of two. */
export const FoundByItsHeartbeat: StoryObj<typeof HalfOpenLink> = {
  tags: ['!dev'],
  name: 'is detected by the heartbeat',
  play: withServer(async ({ canvas }) => {
    const badges = () => canvas.getAllByLabelText('Connection').map(({ textContent }) => textContent)
    await waitFor(() => expect(badges()).toEqual(['open', 'open']), patience)
    await waitFor(() => expect(Number(canvas.getAllByTitle('Messages')[0]?.textContent)).toBeGreaterThan(1), patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Stop both connections silently' }))
    const log = () => canvas.getAllByLabelText('Events').map(({ textContent }) => textContent)
    await waitFor(() => expect(log()[0]).toContain('half-open'), patience)
    await waitFor(() => expect(badges()).toEqual(['open', 'open']), patience)
    await expect(log()[1]).not.toContain('waiting')
  }),
}
