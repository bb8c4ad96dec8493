import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { TwoServers } from './two-servers.tsx'
import code from './two-servers.tsx?raw'

const meta: Meta<typeof TwoServers> = {
  title: 'Live data/Two servers',
  component: TwoServers,
  parameters: { demo: { code, guide: 'tasks/many-machines' }, server: 'real' },
}

export default meta

type Canvas = ReturnType<typeof within>

type Story = StoryObj<typeof TwoServers>

export const Demo: Story = {}

/** A feed to look at, and servers to kill. */
export const Live: Story = {
  tags: ['!dev'],
  name: 'live',
  play: withServer(async ({ canvas }) => {
    await serving(canvas)
    await untilReceived(canvas, 3)
  }),
}

export const Killed: Story = {
  tags: ['!dev'],
  name: 'one of two servers is killed',
  play: withServer(async ({ canvas }) => {
    for (let kills = 0; kills < 2; kills += 1) {
      await untilReceived(canvas, 3)
      const killed = await serving(canvas)
      await userEvent.click(canvas.getByRole('button', { name: 'Kill the server of this page' }))
      await waitFor(async () => expect(await serving(canvas)).not.toBe(killed), patience)
      await untilReceived(canvas, 5)
      await expect(figure(canvas, 'Lost')).toBe(0)
      await expect(figure(canvas, 'Twice')).toBe(0)
      // The next kill needs another server that is ready.
      await waitFor(() => expect(canvas.getByLabelText('Servers')).not.toHaveTextContent('starts again'), patience)
    }
    await expect(canvas.getByLabelText('Events')).toHaveTextContent('waiting')
  }),
}

const patience = { timeout: 60_000 }

/** The server that serves the page. */
async function serving(canvas: Canvas): Promise<string> {
  const state = await canvas.findByText('serves this page', {}, patience)
  return state.closest('li')?.querySelector('.label')?.textContent ?? ''
}

/** Waits for this many more ticks. */
async function untilReceived(canvas: Canvas, count: number): Promise<void> {
  await canvas.findByTitle('Received', {}, patience)
  const before = figure(canvas, 'Received')
  await waitFor(() => expect(figure(canvas, 'Received')).toBeGreaterThanOrEqual(before + count), patience)
}

function figure(canvas: Canvas, name: string): number {
  return Number(canvas.getByTitle(name).textContent)
}
