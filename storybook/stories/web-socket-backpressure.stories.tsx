import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { BackpressureLab } from './backpressure-lab.tsx'
import code from './backpressure-lab.tsx?raw'

const meta: Meta<typeof BackpressureLab> = {
  title: 'Chat/Backpressure',
  component: BackpressureLab,
  parameters: { demo: { code, guide: 'tasks/chat' }, server: 'real' },
}

export default meta

type Story = StoryObj<typeof BackpressureLab>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 30_000 }

export const Demo: Story = {}

/** A slow reader, and a buffer that stays between its marks. */
export const SlowReader: Story = {
  tags: ['!dev'],
  name: 'a slow reader',
  play: withServer(async ({ canvas }) => {
    await waitFor(() => expect(kibibytes(canvas, 'Most ever buffered')).toBeGreaterThanOrEqual(256), patience)
    await expectBounded(canvas)
  }),
}

export const StalledReader: Story = {
  tags: ['!dev'],
  name: 'a reader that has stopped',
  play: withServer(async ({ canvas }) => {
    await userEvent.click(await canvas.findByLabelText('not at all', {}, patience))
    await waitFor(() => expect(canvas.getByTitle('Waiting in the outbox')).toHaveTextContent('1'), patience)
    // Between the marks it stays where the reader has left it: with no more than the low one the gate would open.
    await waitFor(() => expect(kibibytes(canvas, 'Buffered')).toBeGreaterThan(64), patience)
    await expectBounded(canvas)
  }),
}

/** Never more than the high-water mark and the one message that reached it. */
async function expectBounded(canvas: Canvas): Promise<void> {
  await expect(kibibytes(canvas, 'Most ever buffered')).toBeLessThanOrEqual(256 + 16)
}

function kibibytes(canvas: Canvas, name: string): number {
  return Number.parseInt(canvas.getByTitle(name).textContent ?? '', 10)
}
