import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { ModelAnswer } from './model-answer.tsx'
import code from './model-answer.tsx?raw'

const meta: Meta<typeof ModelAnswer> = {
  title: 'Model answer/Markdown, tools and reloads',
  component: ModelAnswer,
  parameters: { demo: { code, guide: 'tasks/language-model' }, server: 'real' },
}

export default meta

type Story = StoryObj<typeof ModelAnswer>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 30_000 }

export const Demo: Story = {}

export const Complete: Story = {
  tags: ['!dev'],
  name: 'streams Markdown after a tool call',
  play: withServer(async ({ canvas }) => {
    await ask(canvas)
    await waitFor(() => expect(canvas.getByLabelText('Tools')).toHaveTextContent('tideTable'), patience)
    await expectComplete(canvas)
  }),
}

export const Reloaded: Story = {
  tags: ['!dev'],
  name: 'shows every token once after a cut, another page and a reload',
  play: withServer(async ({ canvas }) => {
    await ask(canvas)
    await press(canvas, 'Cut the connection')
    await waitFor(() => expect(answer(canvas)).toHaveTextContent('tide table'), patience)
    await press(canvas, 'Leave')
    await press(canvas, 'Return')
    await waitFor(() => expect(answer(canvas)).toHaveTextContent('morning'), patience)
    await press(canvas, 'Reload')
    await expectComplete(canvas)
  }),
}

export const Failed: Story = {
  tags: ['!dev'],
  name: 'shows what the provider said during the answer',
  play: withServer(async ({ canvas }) => {
    await userEvent.click(await canvas.findByLabelText('fails after the tool call', {}, patience))
    await ask(canvas)
    await expectConnection(canvas, 'failed')
    await expect(canvas.getByRole('alert')).toHaveTextContent('Overloaded')
    await expect(answer(canvas)).toHaveTextContent('High water at Brest')
  }),
}

export const Stopped: Story = {
  tags: ['!dev'],
  name: 'is stopped on the server, and stays stopped after a reload',
  play: withServer(async ({ canvas }) => {
    await ask(canvas)
    await waitFor(() => expect(answer(canvas)).toHaveTextContent('High water'), patience)
    await press(canvas, 'Stop')
    await expectConnection(canvas, 'closed')
    const { textContent } = answer(canvas)
    await press(canvas, 'Reload')
    await expectConnection(canvas, 'closed')
    await expect(answer(canvas).textContent).toBe(textContent)
    await expect(answer(canvas)).not.toHaveTextContent('Fair winds')
  }),
}

const answer = (canvas: Canvas): HTMLElement => canvas.getByLabelText('Answer')

async function press(canvas: Canvas, name: string): Promise<void> {
  await userEvent.click(await canvas.findByRole('button', { name }, patience))
}

async function ask(canvas: Canvas): Promise<void> {
  await press(canvas, 'Ask for the tides')
  await waitFor(() => expect(answer(canvas).textContent).not.toBe(''), patience)
}

/** The whole answer, as Markdown renders it: each part is there once. */
async function expectComplete(canvas: Canvas): Promise<void> {
  await expectConnection(canvas, 'closed')
  const shown = answer(canvas)
  await expect(shown.querySelectorAll('h2')).toHaveLength(1)
  await expect(shown.querySelectorAll('td')).toHaveLength(6)
  await expect(shown.querySelectorAll('ol li')).toHaveLength(2)
  await expect(shown.querySelectorAll('pre')).toHaveLength(1)
  await expect(shown).toHaveTextContent(/Fair winds! ⛵$/)
}

async function expectConnection(canvas: Canvas, connection: string): Promise<void> {
  await waitFor(() => expect(canvas.getByLabelText('Connection')).toHaveTextContent(connection), patience)
}
