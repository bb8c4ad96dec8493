import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { withServer } from '../stand-in/has-server.ts'
import { JsonpIsolation } from './jsonp.tsx'
import code from './jsonp.tsx?raw'

const meta: Meta<typeof JsonpIsolation> = {
  title: 'Requests/JSONP',
  component: JsonpIsolation,
  parameters: { demo: { code, guide: 'tasks/scripts-and-pixels' }, server: 'real' },
}

export default meta

const patience = { timeout: 30_000 }

export const Demo: StoryObj<typeof JsonpIsolation> = {}

/** A script that cannot read the page in its frame, and the same script within the page. */
export const TriesToReadThePage: StoryObj<typeof JsonpIsolation> = {
  tags: ['!dev'],
  name: 'tries to read the page, and cannot',
  play: withServer(async ({ canvas }) => {
    const found = async (title: string) => {
      const deeds = await canvas.findByLabelText(title, {}, patience)
      return within(deeds)
        .getAllByRole('listitem')
        .map((deed) => deed.lastElementChild?.textContent)
    }
    for (const got of await found('Isolated, as by default')) await expect(got).toBe('refused')

    await userEvent.click(canvas.getByRole('button', { name: 'Let the script into the page' }))
    const got = await found('isolate: false')
    await expect(got).not.toContain('refused')
    await expect(got).toContain('rosebud')

    // Both called back twice, and were heard once.
    await waitFor(() => {
      for (const answers of canvas.getAllByTitle('Answers heard of 2')) expect(answers).toHaveTextContent('1')
      for (const badge of canvas.getAllByLabelText('Connection')) expect(badge).toHaveTextContent('closed')
    }, patience)
  }),
}
