import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ActivityAndSuspense } from './activity-and-suspense.tsx'
import code from './activity-and-suspense.tsx?raw'

const meta: Meta<typeof ActivityAndSuspense> = {
  title: 'React/Activity and Suspense',
  component: ActivityAndSuspense,
  parameters: { demo: { code, guide: 'tasks/sharing' } },
}

export default meta

type Story = StoryObj<typeof ActivityAndSuspense>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 60_000 }

export const Demo: Story = {}

export const Hidden: Story = {
  tags: ['!dev'],
  name: 'hidden, and shown again',
  play: async ({ canvas }) => {
    await expectConnection(canvas, 'open')
    await moves(canvas)
    await expectServer(canvas, 'Activity', 'Open connections', '1')
    await press(canvas, 'tab', 'Suspense')
    await expectServer(canvas, 'Activity', 'Open connections', '0')
    await press(canvas, 'tab', 'Activity')
    // What had come is there before the connection is.
    await expect(figure(canvas, 'Received')).toBeGreaterThan(0)
    await moves(canvas)
    await expectServer(canvas, 'Activity', 'Connections so far', '2')
    await expectServer(canvas, 'Activity', 'Last resumed after', '\\d+')
    await expect(figure(canvas, 'Lost')).toBe(0)
    await expect(figure(canvas, 'Twice')).toBe(0)
  },
}

export const Slow: Story = {
  tags: ['!dev'],
  name: 'suspends until the first message',
  play: async ({ canvas }) => {
    await press(canvas, 'tab', 'Suspense')
    await expectConnection(canvas, 'suspended')
    await expectConnection(canvas, 'open')
    await expectServer(canvas, 'Suspense', 'Connections so far', '1')
  },
}

export const Silent: Story = {
  tags: ['!dev'],
  name: 'does not suspend for ever',
  play: async ({ canvas }) => {
    await press(canvas, 'tab', 'Suspense')
    await press(canvas, 'radio', 'is silent')
    await expectConnection(canvas, 'suspended')
    await expectFailure(canvas, 'timeout')
    await press(canvas, 'radio', 'answers at once')
    await expectConnection(canvas, 'open')
  },
}

export const Refused: Story = {
  tags: ['!dev'],
  name: 'shows a refusal, and tries again',
  play: async ({ canvas }) => {
    await press(canvas, 'tab', 'Suspense')
    await press(canvas, 'radio', 'refuses')
    await expectFailure(canvas, '404')
    await expectServer(canvas, 'Suspense', 'Connections so far', '2')
    // A failure is shown for a second before its connection may be opened again.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await press(canvas, 'button', 'Retry')
    await expectServer(canvas, 'Suspense', 'Connections so far', '3')
    await expectFailure(canvas, '404')
  },
}

async function press(canvas: Canvas, role: string, name: string): Promise<void> {
  await userEvent.click(await canvas.findByRole(role, { name }, patience))
}

/** What is hidden has a badge as well, but no role. */
async function expectConnection(canvas: Canvas, connection: string): Promise<void> {
  await waitFor(
    () => expect(canvas.getByRole('status', { name: 'Connection' })).toHaveTextContent(connection),
    patience,
  )
}

async function expectFailure(canvas: Canvas, why: string): Promise<void> {
  await expectConnection(canvas, 'failed')
  await expect(canvas.getByRole('alert')).toHaveTextContent(why)
}

async function expectServer(canvas: Canvas, tab: string, name: string, value: string): Promise<void> {
  await waitFor(() => expect(server(canvas, tab, name)).toMatch(new RegExp(`^${value}$`)), patience)
}

function server(canvas: Canvas, tab: string, name: string): string {
  return within(canvas.getByLabelText(`The server of the tab under ${tab}`)).getByTitle(name).textContent ?? ''
}

async function moves(canvas: Canvas): Promise<void> {
  const before = figure(canvas, 'Received')
  await waitFor(() => expect(figure(canvas, 'Received')).toBeGreaterThan(before + 1), patience)
}

function figure(canvas: Canvas, name: string): number {
  return Number(canvas.getByTitle(name).textContent)
}
