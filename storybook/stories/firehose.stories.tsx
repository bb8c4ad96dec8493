import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { Firehose } from './firehose.tsx'
import code from './firehose.tsx?raw'

const meta: Meta<typeof Firehose> = {
  title: 'Live data/Ten thousand a second',
  component: Firehose,
  parameters: { demo: { code, guide: 'tasks/live-feed' }, server: 'real' },
}

export default meta

const patience = { timeout: 60_000 }

export const Demo: StoryObj<typeof Firehose> = {}

export const TenThousandASecond: StoryObj<typeof Firehose> = {
  tags: ['!dev'],
  name: 'ten thousand a second',
  play: withServer(async ({ canvas }) => {
    fireEvent.change(await canvas.findByRole('slider', {}, patience), { target: { value: 3 } })
    const row = () => within(canvas.getByRole('row', { current: true }))
    const figure = (column: number) => row().getAllByRole('cell')[column]?.textContent ?? ''
    await waitFor(() => expect(Number(figure(0).replaceAll(',', ''))).toBeGreaterThan(20_000), patience)
    const field = canvas.getByLabelText('Type here while it runs')
    await userEvent.type(field, 'still here')
    await expect(field).toHaveValue('still here')
  }),
}
