import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { cutAndComeBack, talk } from '../panels/conversation-play.ts'
import { Chat } from './chat.tsx'

const meta: Meta<typeof Chat> = {
  title: 'WebSocket/Chat',
  component: Chat,
}

export default meta

type Story = StoryObj<typeof Chat>

/** Two people to talk as. */
export const TwoPeople: Story = { name: 'two people', play: ({ canvas }) => talk(canvas) }

export const DeliversAfterACut: Story = {
  name: 'delivers after a cut, once and in order',
  play: ({ canvas }) =>
    cutAndComeBack(canvas, () =>
      waitFor(() => expect(canvas.getByLabelText('Outbox of Ada')).toHaveTextContent('2 waiting'), { timeout: 30_000 }),
    ),
}
