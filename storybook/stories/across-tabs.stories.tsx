import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { AcrossTabs } from './across-tabs.tsx'
import code from './across-tabs.tsx?raw'

const meta: Meta<typeof AcrossTabs> = {
  title: 'Live data/Across tabs',
  component: AcrossTabs,
  // Each frame would have a server of its own.
  parameters: { demo: { code, guide: 'tasks/tabs' }, server: 'real' },
}

export default meta

type Story = StoryObj<typeof AcrossTabs>
type Canvas = ReturnType<typeof within>

const patience = { timeout: 60_000 }

// Buttons are not clicked by `userEvent`: it remembers the last one, whose frame may be gone in the next story.

export const Demo: Story = {}

export const Three: Story = {
  tags: ['!dev'],
  name: 'three tabs, one connection',
  play: withServer(async ({ canvas }) => {
    await allTick(canvas)
    await waitFor(() => expect(leaders(canvas)).toHaveLength(1), patience)
    await waitFor(() => expect(canvas.getByTitle('Open connections')).toHaveTextContent(/^1$/), patience)
  }),
}

export const Frozen: Story = {
  tags: ['!dev'],
  name: 'the leader is frozen',
  play: withServer(async ({ canvas }) => {
    await allTick(canvas)
    const [leader = ''] = await waitFor(() => only(leaders(canvas)), patience)
    pageOf(canvas, leader).getByRole('button', { name: 'Freeze' }).click()
    await waitFor(() => expect(leaders(canvas)).not.toContain(leader), patience)
    await waitFor(() => only(leaders(canvas)), patience)
    pageOf(canvas, leader).getByRole('button', { name: 'Freeze' }).click()
    await allTick(canvas)
  }),
}

export const Crashed: Story = {
  tags: ['!dev'],
  name: 'the leader crashes',
  play: withServer(async ({ canvas }) => {
    await allTick(canvas)
    const [leader = ''] = await waitFor(() => only(leaders(canvas)), patience)
    const crash = within(canvas.getByRole('region', { name: `${leader} tab` })).getByRole('button', { name: 'Crash' })
    crash.click()
    await waitFor(() => only(leaders(canvas)), patience)
    await expect(leaders(canvas)).not.toContain(leader)
  }),
}

const NAMES = ['First', 'Second', 'Third']

function only<T>(values: readonly T[]): readonly T[] {
  if (values.length !== 1) throw new Error(`${values.length} instead of one`)
  return values
}

function frameOf(canvas: Canvas, name: string): HTMLElement | undefined {
  const frame = canvas.queryByTitle(`${name} tab`) as HTMLIFrameElement | null
  return frame?.contentDocument?.body
}

function pageOf(canvas: Canvas, name: string): ReturnType<typeof within> {
  const body = frameOf(canvas, name)
  if (body === undefined) throw new Error(`The ${name} tab is not open`)
  return within(body)
}

function leaders(canvas: Canvas): string[] {
  return NAMES.filter((name) => frameOf(canvas, name)?.textContent?.includes('has the connection'))
}

async function allTick(canvas: Canvas): Promise<void> {
  const ticks = (name: string) => Number(pageOf(canvas, name).getByTitle('ticks').textContent)
  await canvas.findByTitle('First tab', {}, patience)
  for (const name of NAMES) {
    const before = await waitFor(() => ticks(name), patience)
    await waitFor(() => expect(ticks(name)).toBeGreaterThan(before + 2), patience)
    await expect(pageOf(canvas, name).getByTitle('missing')).toHaveTextContent(/^0$/)
  }
}
