import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { HookState } from './hook-states.tsx'
import code from './hook-states.tsx?raw'

const meta: Meta<typeof HookState> = {
  title: 'Live data/States of a hook',
  component: HookState,
  parameters: { demo: { code, guide: 'tasks/live-feed' } },
}

export default meta

type Story = StoryObj<typeof HookState>

/** Plays until the badge says so. */
function expecting(connection: string): NonNullable<Story['play']> {
  return async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByLabelText('Connection')).toHaveTextContent(connection), { timeout: 30_000 })
  }
}

export const Demo: Story = {
  args: { path: '/sse/ticks', about: 'The last eight messages of a live feed, kept in an array with a limit.' },
}

export const KeepsTheLastEight: Story = {
  tags: ['!dev'],
  name: 'keeps the last eight',
  args: { path: '/sse/ticks', about: 'The last eight messages of a live feed, kept in an array with a limit.' },
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByLabelText('Messages').children).toHaveLength(8), { timeout: 30_000 })
  },
}

export const OpenAndEmpty: Story = {
  tags: ['!dev'],
  name: 'open and empty',
  args: { path: '/sse/held', about: 'The server has opened the stream and has not sent a message yet.' },
  play: expecting('open'),
}

export const Connecting: Story = {
  tags: ['!dev'],
  name: 'connecting',
  args: { path: '/sse/silent', about: 'The server receives the request and does not respond.' },
  play: expecting('connecting'),
}

export const Waiting: Story = {
  tags: ['!dev'],
  name: 'waiting',
  args: {
    path: '/sse/unavailable',
    about: 'The server restarts. The last error stays visible until the next attempt.',
  },
  play: expecting('waiting'),
}

export const Failed: Story = {
  tags: ['!dev'],
  name: 'failed',
  args: {
    path: '/sse/html',
    about: 'The server responds with a page instead of a stream. Another attempt would not change that.',
  },
  play: expecting('failed'),
}

export const Closed: Story = {
  tags: ['!dev'],
  name: 'closed',
  args: { path: '/sse/no-content', about: 'The server responds with 204: the feed has ended.' },
  play: expecting('closed'),
}
