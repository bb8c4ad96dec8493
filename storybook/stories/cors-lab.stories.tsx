import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, type within } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { CorsLab } from './cors-lab.tsx'
import code from './cors-lab.tsx?raw'

const meta: Meta<typeof CorsLab> = {
  title: 'Requests/Another origin',
  component: CorsLab,
  parameters: { demo: { code, guide: 'tasks/requests' }, server: 'real' },
}

export default meta

type Story = StoryObj<typeof CorsLab>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 30_000 }

export const Demo: Story = {}

export const Allowed: Story = {
  tags: ['!dev'],
  name: 'allowed',
  play: withServer(async ({ canvas }) => {
    for (const name of ['allowed', 'with cookies', 'a header that it allows']) {
      await choose(canvas, name)
      await waitFor(() => expect(canvas.getByLabelText('Answer')).toHaveTextContent('{"read":true}'), patience)
    }
  }),
}

export const Refused: Story = {
  tags: ['!dev'],
  name: 'refused, and what the error says',
  play: withServer(async ({ canvas }) => {
    for (const [name, header] of [
      ['cookies, but for anyone', 'Access-Control-Allow-Credentials: true'],
      ['not allowed', 'Access-Control-Allow-Origin'],
      ['a header that the preflight refuses', 'Access-Control-Allow-Headers: x-tenant'],
    ] as const) {
      await choose(canvas, name)
      await waitFor(() => expect(canvas.getByRole('alert')).toHaveTextContent(header), patience)
    }
  }),
}

async function choose(canvas: Canvas, name: string): Promise<void> {
  await userEvent.click(await canvas.findByRole('radio', { name }, patience))
}
