import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { LiveFeed } from './live-feed.tsx'
import code from './live-feed.tsx?raw'

const meta: Meta<typeof LiveFeed> = {
  title: 'Live data/Live feed',
  component: LiveFeed,
  parameters: { demo: { code, guide: 'tasks/live-feed' } },
}

export default meta

type Story = StoryObj<typeof LiveFeed>
type Canvas = ReturnType<typeof within>

export const Demo: Story = {}

/** Receives ticks. */
export const Live: Story = {
  tags: ['!dev'],
  name: 'live',
  play: async ({ canvas }) => {
    await expectConnection(canvas, 'open')
    await expectReceived(canvas, 3)
  },
}

export const SurvivesACut: Story = {
  tags: ['!dev'],
  name: 'survives a cut',
  play: async ({ canvas }) => {
    await expectConnection(canvas, 'open')
    await press(canvas, 'Cut the connection')
    await expectEvent(canvas, 'waiting')
    await expectNothingLost(canvas)
  },
}

export const SurvivesAStall: Story = {
  tags: ['!dev'],
  name: 'survives a stall',
  play: async ({ canvas }) => {
    await expectConnection(canvas, 'open')
    await press(canvas, 'Stall it')
    await expectEvent(canvas, 'silent for')
    await press(canvas, 'End the stall')
    await expectNothingLost(canvas)
  },
}

export const ObeysRetryAfter: Story = {
  tags: ['!dev'],
  name: 'waits for Retry-After',
  play: async ({ canvas }) => {
    await expectConnection(canvas, 'open')
    await press(canvas, 'Server down 4 s')
    await expectEvent(canvas, 'responded with 503')
    await expectNothingLost(canvas)
  },
}

export const RefreshesItsToken: Story = {
  tags: ['!dev'],
  name: 'refreshes its token',
  play: async ({ canvas }) => {
    await expectConnection(canvas, 'open')
    await press(canvas, 'Expire the token')
    await expectEvent(canvas, 'responded with 401')
    await expectNothingLost(canvas)
  },
}

export const ParksWhileOffline: Story = {
  tags: ['!dev'],
  name: 'parks while offline',
  play: async ({ canvas }) => {
    await expectConnection(canvas, 'open')
    await press(canvas, 'Go offline')
    await expectEvent(canvas, 'offline')
    await press(canvas, 'Go online')
    await expectNothingLost(canvas)
  },
}

export const StopsAndGoesOn: Story = {
  tags: ['!dev'],
  name: 'resumes after it was stopped',
  play: async ({ canvas }) => {
    await expectReceived(canvas, 3)
    await press(canvas, 'Stop')
    await expectConnection(canvas, 'closed')
    await press(canvas, 'Reconnect now')
    await expectNothingLost(canvas)
  },
}

const patience = { timeout: 30_000 }

async function press(canvas: Canvas, name: string): Promise<void> {
  await userEvent.click(await canvas.findByRole('button', { name }, patience))
}

async function expectConnection(canvas: Canvas, connection: string): Promise<void> {
  await waitFor(() => expect(canvas.getByLabelText('Connection')).toHaveTextContent(connection), patience)
}

async function expectReceived(canvas: Canvas, atLeast: number): Promise<void> {
  await waitFor(() => expect(figure(canvas, 'Received')).toBeGreaterThanOrEqual(atLeast), patience)
}

async function expectEvent(canvas: Canvas, text: string): Promise<void> {
  await waitFor(() => expect(canvas.getByLabelText('Events')).toHaveTextContent(text), patience)
}

/** Expects that the feed continues, and that each number came once. */
async function expectNothingLost(canvas: Canvas): Promise<void> {
  const before = figure(canvas, 'Received')
  await expectReceived(canvas, before + 5)
  await expectConnection(canvas, 'open')
  await expect(figure(canvas, 'Lost')).toBe(0)
  await expect(figure(canvas, 'Twice')).toBe(0)
}

function figure(canvas: Canvas, name: string): number {
  return Number(canvas.getByTitle(name).textContent)
}
