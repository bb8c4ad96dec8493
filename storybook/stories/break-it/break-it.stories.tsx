import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { withServer } from '../../stand-in/has-server.ts'
import { BreakIt } from './break-it.tsx'
import { tabNames } from './scenarios.ts'

const meta: Meta<typeof BreakIt> = {
  title: 'Break it',
  component: BreakIt,
  parameters: { hasHeading: true },
  argTypes: {
    tab: { options: tabNames, control: 'select', type: 'string' },
    seed: { type: 'number' },
    faults: { type: 'string' },
  },
  render: (args, { id }) => <BreakIt {...args} storyId={id} />,
}

export default meta

type Story = StoryObj<typeof BreakIt>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 50_000 }

export const Demo: Story = {}

export const Keyboard: Story = {
  name: 'chooses tabs and breaks the network by keyboard',
  tags: ['!dev'],
  play: withServer(async ({ canvas }) => {
    await received(canvas, 'rxwire', 5)
    canvas.getByRole('tab', { name: 'Live feed' }).focus()
    await userEvent.keyboard('{ArrowLeft}')
    await expect(canvas.getByRole('tab', { name: 'Upload' })).toHaveFocus()
    await userEvent.keyboard('{Home}')
    await expect(canvas.getByRole('tab', { name: 'Live feed' })).toHaveAttribute('aria-selected', 'true')
    await received(canvas, 'rxwire', 5)
    await userEvent.keyboard('2')
    await expect(await canvas.findByText('End the stall', {}, patience)).toBeVisible()
    await status(canvas, 'rxwire', /Waiting to reconnect|Connecting/)
    await userEvent.keyboard('2')
    await expect(await canvas.findByText('Stall', {}, patience)).toBeVisible()
    await status(canvas, 'rxwire', /^Connected/)
    await userEvent.keyboard('3')
    await status(canvas, 'Plain browser code', /^Closed for good: EventSource does not reconnect/)
    await status(canvas, 'rxwire', /^Connected/)
    await expect(figure(canvas, 'rxwire', 'Lost')).toBe('0')
    await expect(figure(canvas, 'rxwire', 'Duplicates')).toBe('0')
    await userEvent.click(canvas.getByText(/^Code:/))
    await expect(canvas.getByLabelText('rxwire, code')).toBeVisible()
  }),
}

/** Each tab recovers from a cut. */
function recovers(tab: (typeof tabNames)[number], enough: number): Story {
  return {
    name: `recovers from a cut: ${tab}`,
    tags: ['!dev'],
    args: { tab },
    play: withServer(async ({ canvas }) => {
      await received(canvas, 'rxwire', enough)
      await userEvent.click(canvas.getByText('Cut'))
      const before = number(figure(canvas, 'rxwire', 'Received'))
      await received(canvas, 'rxwire', before + enough)
      await expect(number(figure(canvas, 'rxwire', 'Lost'))).toBe(0)
    }),
  }
}

export const Answer: Story = recovers('Model answer', 10)
export const Chat: Story = recovers('Chat', 5)
export const Upload: Story = recovers('Upload', 10)

export const Chaos: Story = {
  name: 'repeats a run by its seed, and loses nothing',
  tags: ['!dev'],
  args: { seed: 7, faults: 'cut-down-token' },
  play: withServer(async ({ canvas }) => {
    const dialog = within(await canvas.findByRole('dialog', { name: 'Result' }, patience))
    const [, plain, rxwire] = dialog
      .getAllByRole('row')
      .map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => number(textContent ?? '')))
    await expect(rxwire?.slice(1)).toEqual([0, 0])
    await expect(plain?.[1]).toBeGreaterThan(0)
    const link = dialog.getByRole('link', { name: 'Link to this run (seed 7)' })
    await expect(link.getAttribute('href')).toContain('&args=tab:Live+feed;seed:7;faults:cut-down-token')
    await userEvent.click(dialog.getByText('Close'))
    await waitFor(() => expect(canvas.queryByRole('dialog')).toBeNull())
  }),
}

function figure(canvas: Canvas, name: string, label: string): string {
  return within(canvas.getByLabelText(name)).getByTitle(label).textContent ?? ''
}

/** The number of a counter, without its unit. */
function number(text: string): number {
  return Number.parseFloat(text.replaceAll(',', ''))
}

async function received(canvas: Canvas, name: string, atLeast: number): Promise<void> {
  await canvas.findByLabelText(name, {}, patience)
  await waitFor(() => expect(number(figure(canvas, name, 'Received'))).toBeGreaterThanOrEqual(atLeast), patience)
}

async function status(canvas: Canvas, name: string, text: RegExp): Promise<void> {
  const sentence = () => canvas.getByLabelText(name).querySelector('[role=status]')
  await waitFor(() => expect(sentence()).toHaveTextContent(text), patience)
}
