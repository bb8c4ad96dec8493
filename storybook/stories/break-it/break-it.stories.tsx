import type { Meta, StoryObj } from '@storybook/react-vite'
import { BreakIt } from './break-it.tsx'
import { tabNames } from './scenarios.ts'

const meta: Meta<typeof BreakIt> = {
  title: 'Break it',
  component: BreakIt,
  argTypes: {
    tab: { options: tabNames, control: 'select', type: 'string' },
    seed: { type: 'number' },
    faults: { type: 'string' },
  },
  render: (args, { id }) => <BreakIt {...args} storyId={id} />,
}

export default meta

type Story = StoryObj<typeof BreakIt>

export const Demo: Story = { name: 'Demo' }
