import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor } from 'storybook/test'
import { Firehose } from './firehose.tsx'

const meta: Meta<typeof Firehose> = {
  title: 'React/The firehose',
  component: Firehose,
}

export default meta

const patience = { timeout: 60_000 }

export const TenThousandASecond: StoryObj<typeof Firehose> = {
  name: 'ten thousand a second',
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('radio', { name: '10,000' }, patience))
    await waitFor(() => expect(numberOf(canvas.getByTitle('Delivered'))).toBeGreaterThan(20_000), patience)
    await userEvent.type(canvas.getByLabelText('Type here while it runs'), 'still here')
    await expect(canvas.getByLabelText('Type here while it runs')).toHaveValue('still here')
    await expect(canvas.getByTitle('Lost')).toHaveTextContent(/^0$/)
  },
}

function numberOf({ textContent }: HTMLElement): number {
  return Number((textContent ?? '').replaceAll(',', ''))
}
