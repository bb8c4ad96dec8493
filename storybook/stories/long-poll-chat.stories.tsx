import type { Meta, StoryObj } from '@storybook/react-vite'
import { cutAndComeBack, talk } from '../panels/conversation-play.ts'
import { LongPollChat } from './long-poll-chat.tsx'

const meta: Meta<typeof LongPollChat> = {
  title: 'Fetch/Chat by long polling',
  component: LongPollChat,
}

export default meta

type Story = StoryObj<typeof LongPollChat>

export const TwoPeople: Story = { name: 'two people', play: ({ canvas }) => talk(canvas) }

export const DeliversAfterACut: Story = {
  name: 'delivers after a cut, once and in order',
  play: ({ canvas }) => cutAndComeBack(canvas),
}
