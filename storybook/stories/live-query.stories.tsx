import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { LiveQuery } from './live-query.tsx'
import code from './live-query.tsx?raw'

const meta: Meta<typeof LiveQuery> = {
  title: 'Live data/TanStack Query',
  component: LiveQuery,
  parameters: { demo: { code, guide: 'tasks/query-cache' } },
}

export default meta

type Story = StoryObj<typeof LiveQuery>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 60_000 }

export const Demo: Story = {}

export const Shared: Story = {
  tags: ['!dev'],
  name: 'shares one connection among its observers',
  play: async ({ canvas }) => {
    await moves(canvas)
    await waitFor(() => expect(figure(canvas, 'Open connections')).toBe('1'), patience)
    await expect(figure(canvas, 'Observers')).toBe('2')
    await expect(figure(canvas, 'Fetch status')).toBe('idle')
  },
}

export const Resumed: Story = {
  tags: ['!dev'],
  name: 'closes with the last observer, and resumes with the next one',
  play: async ({ canvas }) => {
    await moves(canvas)
    await press(canvas, 'Unmount the one')
    await press(canvas, 'Unmount the other')
    await waitFor(() => expect(figure(canvas, 'Open connections')).toBe('0'), patience)
    const cursor = figure(canvas, 'Cursor')
    await press(canvas, 'Mount the one')
    await moves(canvas)
    await waitFor(() => expect(figure(canvas, 'Last resumed after')).toBe(cursor), patience)
    await expectNoneMissing(canvas)
  },
}

export const Invalidated: Story = {
  tags: ['!dev'],
  name: 'reconnects when it is invalidated, and after a cut',
  play: async ({ canvas }) => {
    await moves(canvas)
    await press(canvas, 'Invalidate')
    await moves(canvas)
    await press(canvas, 'Cut the connection')
    await waitFor(() => expect(Number(figure(canvas, 'Connections so far'))).toBeGreaterThan(2), patience)
    await moves(canvas)
    await expectNoneMissing(canvas)
    await expect(figure(canvas, 'Status')).toBe('success')
  },
}

export const WithDevtools: Story = {
  tags: ['!dev'],
  name: "in TanStack's devtools",
  play: async ({ canvas }) => {
    await moves(canvas)
    await press(canvas, "TanStack's devtools")
    const row = await canvas.findByLabelText(/Query key \["ticks"\]/, {}, patience)
    await expect(row).toHaveTextContent('2')
  },
}

async function press(canvas: Canvas, name: string): Promise<void> {
  await userEvent.click(await canvas.findByRole('button', { name }, patience))
}

async function moves(canvas: Canvas): Promise<void> {
  await canvas.findByTitle('Received', {}, patience)
  const before = Number(figure(canvas, 'Received'))
  await waitFor(() => expect(Number(figure(canvas, 'Received'))).toBeGreaterThan(before), patience)
}

async function expectNoneMissing(canvas: Canvas): Promise<void> {
  await expect(figure(canvas, 'Lost')).toBe('0')
  await expect(figure(canvas, 'Twice')).toBe('0')
}

function figure(canvas: Canvas, name: string): string {
  return canvas.getByTitle(name).textContent ?? ''
}
