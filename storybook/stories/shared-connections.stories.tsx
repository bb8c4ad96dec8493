import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { SharedConnections } from './shared-connections.tsx'
import code from './shared-connections.tsx?raw'

const meta: Meta<typeof SharedConnections> = {
  title: 'Live data/Shared connections',
  component: SharedConnections,
  parameters: { demo: { code, guide: 'tasks/sharing' } },
}

export default meta

type Story = StoryObj<typeof SharedConnections>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 60_000 }

export const Demo: Story = {}

export const Shared: Story = {
  tags: ['!dev'],
  name: 'renders a component only when its part has changed',
  play: async ({ canvas }) => {
    await expectFigure(canvas, 'Open connections', '1')
    await press(canvas, 'Add one')
    await press(canvas, 'Add one')
    await expectFigure(canvas, 'Components', '5')
    // A late component shows the present data at once.
    await expect(cardOf(canvas, 5)).not.toHaveTextContent('began with nothing')
    await messagesCome(canvas, 12)
    await expect(rendersOf(canvas, 1)).toBeGreaterThan(rendersOf(canvas, 3))
    await expectFigure(canvas, 'Connections so far', '1')
  },
}

export const Handed: Story = {
  tags: ['!dev'],
  name: 'keeps the connection when the first component unmounts',
  play: async ({ canvas }) => {
    await messagesCome(canvas, 1)
    await press(canvas, 'Remove one')
    await press(canvas, 'Remove one')
    await expectFigure(canvas, 'Components', '1')
    await messagesCome(canvas, 3)
    await expectFigure(canvas, 'Connections so far', '1')
  },
}

export const CutOff: Story = {
  tags: ['!dev'],
  name: 'reconnects once for all components',
  play: async ({ canvas }) => {
    await messagesCome(canvas, 1)
    await press(canvas, 'Cut the connection')
    await expectFigure(canvas, 'Connections so far', '2')
    await messagesCome(canvas, 3)
    await expectFigure(canvas, 'Open connections', '1')
  },
}

export const LetGo: Story = {
  tags: ['!dev'],
  name: 'closes with the last component',
  play: async ({ canvas }) => {
    await messagesCome(canvas, 1)
    await expectFigure(canvas, 'Open connections', '1')
    await press(canvas, 'Remove all')
    await expectFigure(canvas, 'Open connections', '0')
    await press(canvas, 'Add one')
    await expect(cardOf(canvas, 4)).toHaveTextContent('began with nothing')
    await expectFigure(canvas, 'Connections so far', '2')
    await messagesCome(canvas, 1)
  },
}

export const Lingering: Story = {
  tags: ['!dev'],
  name: 'keeps the connection for lingerMs',
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('radio', { name: 'for 3 s' }, patience))
    await messagesCome(canvas, 1)
    await expectFigure(canvas, 'Open connections', '1')
    await press(canvas, 'Remove all')
    await press(canvas, 'Add one')
    await expect(cardOf(canvas, 4)).not.toHaveTextContent('began with nothing')
    await press(canvas, 'Remove all')
    await expectFigure(canvas, 'Open connections', '0')
    await expectFigure(canvas, 'Connections so far', '1')
  },
}

async function press(canvas: Canvas, name: string): Promise<void> {
  await userEvent.click(await canvas.findByRole('button', { name }, patience))
}

async function expectFigure(canvas: Canvas, name: string, value: string): Promise<void> {
  await waitFor(() => expect(canvas.getByTitle(name)).toHaveTextContent(new RegExp(`^${value}$`)), patience)
}

async function messagesCome(canvas: Canvas, count: number): Promise<void> {
  const figure = await canvas.findByTitle('Messages', {}, patience)
  const before = Number(figure.textContent)
  await waitFor(() => expect(Number(figure.textContent)).toBeGreaterThanOrEqual(before + count), patience)
}

function cardOf(canvas: Canvas, number: number): HTMLElement {
  const card = canvas.getByLabelText(`Component ${number}`).closest('li')
  if (card === null) throw new Error(`Component ${number} is not in a card`)
  return card
}

function rendersOf(canvas: Canvas, number: number): number {
  const [, count] = /rendered (\d+) times/.exec(cardOf(canvas, number).textContent ?? '') ?? []
  return Number(count ?? 1)
}
