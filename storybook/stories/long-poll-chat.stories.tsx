import type { Meta, StoryObj } from '@storybook/react-vite'
import { cutAndComeBack, talk } from '../panels/conversation-play.ts'
import { LongPollChat } from './long-poll-chat.tsx'
import code from './long-poll-chat.tsx?raw'

const meta: Meta<typeof LongPollChat> = {
  title: 'Chat/Long polling',
  component: LongPollChat,
  parameters: { demo: { code, guide: 'tasks/polling' } },
}

export default meta

type Story = StoryObj<typeof LongPollChat>

export const Demo: Story = {}

export const TwoPeople: Story = { tags: ['!dev'], name: 'two people', play: ({ canvas }) => talk(canvas) }

export const DeliversAfterACut: Story = {
  tags: ['!dev'],
  name: 'delivers after a cut, once and in order',
  play: ({ canvas }) => cutAndComeBack(canvas),
}
