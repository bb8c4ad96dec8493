import { type FormEvent, useState } from 'react'

/** A field for a message, with a button to send it. */
export function SendBox({
  label,
  onSend,
  isDisabled = false,
}: {
  label: string
  onSend: (text: string) => void
  isDisabled?: boolean
}) {
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    onSend(text)
    setText('')
  }
  return (
    <form className="send-box" onSubmit={submit}>
      <input aria-label={label} placeholder={label} value={text} onChange={(event) => setText(event.target.value)} />
      <button className="primary" type="submit" disabled={isDisabled || text.trim() === ''}>
        Send
      </button>
    </form>
  )
}
