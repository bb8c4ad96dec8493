import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { CloseCodeExplorer } from './close-code-explorer.tsx'
import code from './close-code-explorer.tsx?raw'

const meta: Meta<typeof CloseCodeExplorer> = {
  title: 'Chat/Close codes',
  component: CloseCodeExplorer,
  parameters: { demo: { code, guide: 'reference/close-codes' } },
}

export default meta

type Story = StoryObj<typeof CloseCodeExplorer>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 30_000 }

export const Demo: Story = {}

export const Restart: Story = {
  tags: ['!dev'],
  name: '1012: comes back',
  play: async ({ canvas }) => {
    await choose(canvas, /^1012/)
    await expectDecision(canvas, 'It has reconnected.')
  },
}

export const Refused: Story = {
  tags: ['!dev'],
  name: '1008: fails',
  play: async ({ canvas }) => {
    await choose(canvas, /^1008/)
    await expectDecision(canvas, 'It fails.')
  },
}

export const Done: Story = {
  tags: ['!dev'],
  name: '1000: completes',
  play: async ({ canvas }) => {
    await choose(canvas, /^1000/)
    await expectDecision(canvas, 'It completes.')
  },
}

export const Overruled: Story = {
  tags: ['!dev'],
  name: '1008, overruled: comes back',
  play: async ({ canvas }) => {
    await choose(canvas, /^1008/)
    await userEvent.click(canvas.getByLabelText('reconnect'))
    await expectDecision(canvas, 'It has reconnected.')
  },
}

async function choose(canvas: Canvas, name: RegExp): Promise<void> {
  const button = await canvas.findByRole('button', { name }, patience)
  await waitFor(() => expect(button).toBeEnabled(), patience)
  await userEvent.click(button)
}

async function expectDecision(canvas: Canvas, text: string): Promise<void> {
  await waitFor(() => expect(canvas.getByLabelText('What the engine does')).toHaveTextContent(text), patience)
}
