import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { Uploads } from './uploads.tsx'
import code from './uploads.tsx?raw'

const meta: Meta<typeof Uploads> = {
  title: 'Files/Resumable upload',
  component: Uploads,
  parameters: { demo: { code, guide: 'tasks/large-upload' }, server: 'real' },
}

export default meta

type Story = StoryObj<typeof Uploads>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 60_000 }

export const Demo: Story = {}

export const SurvivesCuts: Story = {
  tags: ['!dev'],
  name: 'survives a pause and cuts, byte for byte',
  play: withServer(async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Upload three files' }, patience))
    await moved(canvas, 'holiday.mov', 0.2)
    await userEvent.click(buttonOf(canvas, 'holiday.mov', 'Pause'))
    await userEvent.click(canvas.getByRole('button', { name: 'Cut the connections' }))
    const before = shareOf(canvas, 'holiday.mov')
    await moved(canvas, 'thesis.pdf', 0.5)
    await userEvent.click(buttonOf(canvas, 'holiday.mov', 'Resume'))
    await expect(shareOf(canvas, 'holiday.mov')).toBeGreaterThanOrEqual(before)
    await waitFor(() => expect(figure(canvas, 'Byte for byte the same')).toBe('3 of 3'), patience)
    // What the line had in hand when it was cut was sent again, and no more.
    await expect(Number.parseFloat(figure(canvas, 'Sent over the line'))).toBeLessThan(1.5 * 48)
  }),
}

export const Cancelled: Story = {
  tags: ['!dev'],
  name: 'cancelled',
  play: withServer(async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Upload three files' }, patience))
    await moved(canvas, 'thesis.pdf', 0.05)
    await userEvent.click(buttonOf(canvas, 'thesis.pdf', 'Cancel'))
    // Its place is taken by the next one.
    await moved(canvas, 'backup.zip', 0.05)
    await expect(rowOf(canvas, 'thesis.pdf').getByLabelText('Connection')).toHaveTextContent('cancelled')
  }),
}

function rowOf(canvas: Canvas, name: string): Canvas {
  return within(canvas.getByLabelText(name).closest('li') as HTMLElement)
}

function buttonOf(canvas: Canvas, name: string, label: string): HTMLElement {
  return rowOf(canvas, name).getByRole('button', { name: label })
}

function shareOf(canvas: Canvas, name: string): number {
  return Number(canvas.getByRole('progressbar', { name }).getAttribute('aria-valuenow')) / 100
}

async function moved(canvas: Canvas, name: string, share: number): Promise<void> {
  await waitFor(() => expect(shareOf(canvas, name)).toBeGreaterThan(share), patience)
}

function figure(canvas: Canvas, name: string): string {
  return canvas.getByTitle(name).textContent ?? ''
}
