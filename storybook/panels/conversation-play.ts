import { expect, userEvent, waitFor, type within } from 'storybook/test'

type Canvas = ReturnType<typeof within>

const patience = { timeout: 30_000 }

/** The two people of a chat talk to each other. */
export async function talk(canvas: Canvas): Promise<void> {
  await bothOpen(canvas)
  await say(canvas, 'Ada', 'Does the engine weave algebraical patterns?')
  await say(canvas, 'Grace', 'It does, and it reconnects by itself.')
  for (const name of ['Ada', 'Grace']) {
    await expectToSee(canvas, name, ['Does the engine weave', 'reconnects by itself'])
  }
}

/** One of them is cut off, both talk on, and when the network is back each has heard all of it once. */
export async function cutAndComeBack(canvas: Canvas, whileCut: () => Promise<void> = async () => {}): Promise<void> {
  await bothOpen(canvas)
  await userEvent.click(await canvas.findByRole('button', { name: 'Cut Ada off' }))
  await waitFor(() => expect(canvas.getAllByLabelText('Connection')[0]).toHaveTextContent('waiting'), patience)
  await say(canvas, 'Ada', 'one')
  await say(canvas, 'Ada', 'two')
  await say(canvas, 'Grace', 'Where are you?')
  await whileCut()
  await userEvent.click(await canvas.findByRole('button', { name: 'Cut Ada off' }))
  for (const name of ['Ada', 'Grace']) await expectToSee(canvas, name, ['Where are you?', 'one', 'two'])
  await expect(canvas.getByLabelText('What Grace sees').children).toHaveLength(3)
}

async function bothOpen(canvas: Canvas): Promise<void> {
  await waitFor(() => {
    const badges = canvas.getAllByLabelText('Connection')
    expect(badges.map((badge: HTMLElement) => badge.textContent)).toEqual(['open', 'open'])
  }, patience)
}

async function say(canvas: Canvas, name: string, text: string): Promise<void> {
  await userEvent.type(canvas.getByLabelText(`Say something as ${name}`), `${text}{Enter}`)
}

/** Expects these lines in this order, all of them confirmed. */
async function expectToSee(canvas: Canvas, name: string, lines: string[]): Promise<void> {
  await waitFor(() => {
    const seen = canvas.getByLabelText(`What ${name} sees`).textContent ?? ''
    const places = lines.map((line) => seen.indexOf(line))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
    expect(seen).not.toContain('sending')
  }, patience)
}
