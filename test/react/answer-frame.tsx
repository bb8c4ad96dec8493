import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AnswerPage, runAt } from './answer-page.tsx'

// The page of a frame, which a test can reload. The frame element says where the server is.
const { url = '', id = '' } = (frameElement as HTMLElement).dataset
createRoot(document.body.appendChild(document.createElement('main'))).render(
  <StrictMode>
    <AnswerPage run={runAt(url)} id={id} />
  </StrictMode>,
)
