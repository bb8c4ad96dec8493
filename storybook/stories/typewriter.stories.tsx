import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { Typewriter } from './typewriter.tsx'
import code from './typewriter.tsx?raw'

const meta: Meta<typeof Typewriter> = {
  title: 'Model answer/Interrupted answers',
  component: Typewriter,
  parameters: { demo: { code, guide: 'tasks/language-model' } },
}

export default meta

type Story = StoryObj<typeof Typewriter>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 30_000 }

export const Demo: Story = {}

export const Whole: Story = {
  tags: ['!dev'],
  name: 'arrives complete',
  play: async ({ canvas }) => {
    await ask(canvas)
    await expectConnection(canvas, 'closed')
    await expect(words(canvas)).toBe(61)
  },
}

export const Stopped: Story = {
  tags: ['!dev'],
  name: 'keeps the words received so far when it is stopped',
  play: async ({ canvas }) => {
    await ask(canvas)
    await waitFor(() => expect(words(canvas)).toBeGreaterThan(4), patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Stop' }))
    await expectConnection(canvas, 'closed')
    await expect(words(canvas)).toBeLessThan(61)
  },
}

export const Truncated: Story = {
  tags: ['!dev'],
  name: 'fails if the answer ends too early',
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByLabelText('ends too early', {}, patience))
    await ask(canvas)
    await expectConnection(canvas, 'failed')
    await expect(canvas.getByRole('alert')).toHaveTextContent('truncated')
    await expect(words(canvas)).toBe(14)
  },
}

async function ask(canvas: Canvas): Promise<void> {
  await userEvent.click(await canvas.findByRole('button', { name: 'Ask' }, patience))
  await waitFor(() => expect(words(canvas)).toBeGreaterThan(0), patience)
}

async function expectConnection(canvas: Canvas, connection: string): Promise<void> {
  await waitFor(() => expect(canvas.getByLabelText('Connection')).toHaveTextContent(connection), patience)
}

function words(canvas: Canvas): number {
  const text: string = canvas.getByLabelText('Answer').textContent ?? ''
  return text.startsWith('Press Ask') ? 0 : text.split(' ').filter((word) => word !== '').length
}
