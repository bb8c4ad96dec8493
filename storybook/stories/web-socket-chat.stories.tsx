import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { Chat } from './chat.tsx'

const meta: Meta<typeof Chat> = {
  title: 'WebSocket/Chat',
  component: Chat,
}

export default meta

type Story = StoryObj<typeof Chat>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 30_000 }

/** Two people to talk as. */
export const TwoPeople: Story = {
  name: 'two people',
  play: async ({ canvas }) => {
    await bothOpen(canvas)
    await say(canvas, 'Ada', 'Does the engine weave algebraical patterns?')
    await say(canvas, 'Grace', 'It does, and it reconnects by itself.')
    for (const name of ['Ada', 'Grace']) {
      await expectToSee(canvas, name, ['Does the engine weave', 'reconnects by itself'])
    }
  },
}

export const DeliversAfterACut: Story = {
  name: 'delivers after a cut, once and in order',
  play: async ({ canvas }) => {
    await bothOpen(canvas)
    await userEvent.click(await canvas.findByRole('button', { name: 'Cut Ada off' }))
    await waitFor(() => expect(canvas.getAllByLabelText('Connection')[0]).toHaveTextContent('waiting'), patience)
    await say(canvas, 'Ada', 'one')
    await say(canvas, 'Ada', 'two')
    await say(canvas, 'Grace', 'Where are you?')
    await waitFor(() => expect(canvas.getByLabelText('Outbox of Ada')).toHaveTextContent('2 waiting'), patience)
    await userEvent.click(await canvas.findByRole('button', { name: 'Cut Ada off' }))
    for (const name of ['Ada', 'Grace']) await expectToSee(canvas, name, ['Where are you?', 'one', 'two'])
    await expect(canvas.getByLabelText('What Grace sees').children).toHaveLength(3)
  },
}

async function bothOpen(canvas: Canvas): Promise<void> {
  await waitFor(() => {
    const badges = canvas.getAllByLabelText('Connection')
    expect(badges.map((badge: HTMLElement) => badge.textContent)).toEqual(['open', 'open'])
  }, patience)
}

async function say(canvas: Canvas, name: string, text: string): Promise<void> {
  await userEvent.type(canvas.getByLabelText(`Say something as ${name}`), `${text}{Enter}`)
}

/** Sees these lines, in this order, and nothing still on its way. */
async function expectToSee(canvas: Canvas, name: string, lines: string[]): Promise<void> {
  await waitFor(() => {
    const seen = canvas.getByLabelText(`What ${name} sees`).textContent ?? ''
    const places = lines.map((line) => seen.indexOf(line))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
    expect(seen).not.toContain('on its way')
  }, patience)
}
