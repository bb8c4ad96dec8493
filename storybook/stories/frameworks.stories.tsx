import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { Frameworks } from './frameworks.tsx'
import code from './frameworks.tsx?raw'

const meta: Meta<typeof Frameworks> = {
  title: 'Live data/Frameworks',
  component: Frameworks,
  parameters: { demo: { code, guide: 'tasks/vue' } },
}

export default meta

type Story = StoryObj<typeof Frameworks>
type Canvas = ReturnType<typeof within>

const figure = (canvas: Canvas, name: string) => canvas.getByText(name).nextElementSibling?.textContent

async function expectFeed(canvas: Canvas, atLeast: number): Promise<number> {
  await waitFor(
    () => {
      expect(canvas.getByLabelText('Connection')).toHaveTextContent('open')
      expect(Number(figure(canvas, 'Received'))).toBeGreaterThan(atLeast)
    },
    { timeout: 30_000 },
  )
  expect([figure(canvas, 'Lost'), figure(canvas, 'Twice')]).toEqual(['0', '0'])
  return Number(figure(canvas, 'Received'))
}

export const Demo: Story = {}

/** Switches through all frameworks. The count goes on, so the connection was never another one. */
export const Switched: Story = {
  tags: ['!dev'],
  name: 'switched',
  play: async ({ canvas }) => {
    let received = await expectFeed(canvas, 3)
    for (const name of ['Vue', 'Svelte', 'Solid', 'Preact signals']) {
      await userEvent.click(canvas.getByLabelText(name))
      received = await expectFeed(canvas, received)
    }
  },
}

export const SurvivesACut: Story = {
  tags: ['!dev'],
  name: 'survives a cut in each framework',
  play: async ({ canvas }) => {
    await expectFeed(canvas, 3)
    for (const name of ['React', 'Vue', 'Svelte', 'Solid', 'Preact signals']) {
      await userEvent.click(canvas.getByLabelText(name))
      const received = await expectFeed(canvas, 3)
      await userEvent.click(canvas.getByText('Cut the connection'))
      await expectFeed(canvas, received)
    }
  },
}
