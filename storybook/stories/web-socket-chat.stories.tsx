import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { cutAndComeBack, talk } from '../panels/conversation-play.ts'
import { Chat } from './chat.tsx'
import code from './chat.tsx?raw'

const meta: Meta<typeof Chat> = {
  title: 'Chat/WebSocket',
  component: Chat,
  parameters: { demo: { code, guide: 'tasks/chat' } },
}

export default meta

type Story = StoryObj<typeof Chat>

export const Demo: Story = {}

/** Two people to talk as. */
export const TwoPeople: Story = { tags: ['!dev'], name: 'two people', play: ({ canvas }) => talk(canvas) }

export const DeliversAfterACut: Story = {
  tags: ['!dev'],
  name: 'delivers after a cut, once and in order',
  play: ({ canvas }) =>
    cutAndComeBack(canvas, () =>
      waitFor(() => expect(canvas.getByLabelText('Outbox of Ada')).toHaveTextContent('2 waiting'), { timeout: 30_000 }),
    ),
}
