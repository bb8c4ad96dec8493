import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { Supervisor } from './supervisor.tsx'
import code from './supervisor.tsx?raw'

const meta: Meta<typeof Supervisor> = {
  title: 'React/Hidden, frozen and offline pages',
  component: Supervisor,
  parameters: { demo: { code, guide: 'reference/reconnecting' } },
}

export default meta

type Story = StoryObj<typeof Supervisor>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 30_000 }

export const Demo: Story = {}

/** Receives ticks. */
export const Live: Story = {
  tags: ['!dev'],
  name: 'live',
  play: async ({ canvas }) => {
    await expectConnection(canvas, 'open')
  },
}

export const LeftAndBack: Story = {
  tags: ['!dev'],
  name: 'reconnects after the back/forward cache',
  play: ({ canvas }) => playAway(canvas, 'left (back/forward cache)', 'waiting'),
}

export const FrozenAndResumed: Story = {
  tags: ['!dev'],
  name: 'checks the connection after a freeze',
  play: ({ canvas }) => playAway(canvas, 'frozen', 'waiting'),
}

export const HiddenAndShown: Story = {
  tags: ['!dev'],
  name: 'keeps the connection while hidden',
  play: ({ canvas }) => playAway(canvas, 'hidden', 'open'),
}

export const LostWhileHidden: Story = {
  tags: ['!dev'],
  name: 'lost while hidden',
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('radio', { name: 'wait' }, patience))
    await expectConnection(canvas, 'open')
    await press(canvas, 'hidden')
    await press(canvas, 'Cut the connection')
    await expectConnection(canvas, 'waiting')
    await press(canvas, 'hidden')
    await expectConnection(canvas, 'open')
    await expectNothingLost(canvas)
  },
}

/** The page goes and comes back; meanwhile the connection is as it is said. */
async function playAway(canvas: Canvas, how: string, meanwhile: string) {
  await expectConnection(canvas, 'open')
  await press(canvas, how)
  await expectConnection(canvas, meanwhile)
  await press(canvas, how)
  await expectConnection(canvas, 'open')
  await expectNothingLost(canvas)
}

async function press(canvas: Canvas, name: string) {
  await userEvent.click(canvas.getByRole('button', { name }))
}

async function expectConnection(canvas: Canvas, connection: string) {
  await waitFor(() => expect(canvas.getByLabelText('Connection')).toHaveTextContent(connection), patience)
}

/** Expects that the feed continues, and that each number came once. */
async function expectNothingLost(canvas: Canvas) {
  const before = figure(canvas, 'Received')
  await waitFor(() => expect(figure(canvas, 'Received')).toBeGreaterThanOrEqual(before + 3), patience)
  await expect(figure(canvas, 'Lost')).toBe(0)
  await expect(figure(canvas, 'Twice')).toBe(0)
}

function figure(canvas: Canvas, name: string): number {
  return Number(canvas.getByTitle(name).textContent)
}
