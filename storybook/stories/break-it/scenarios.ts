import type { ComponentType } from 'react'
import { PlainChat, RxwireChat } from './chat.tsx'
import chatPlain from './code/chat.plain.ts?raw'
import chatRxwire from './code/chat.rxwire.ts?raw'
import feedPlain from './code/live-feed.plain.ts?raw'
import feedRxwire from './code/live-feed.rxwire.ts?raw'
import answerPlain from './code/model-answer.plain.ts?raw'
import answerRxwire from './code/model-answer.rxwire.ts?raw'
import uploadPlain from './code/upload.plain.ts?raw'
import uploadRxwire from './code/upload.rxwire.ts?raw'
import { PlainFeed, RxwireFeed } from './live-feed.tsx'
import { PlainAnswers, RxwireAnswers } from './model-answer.tsx'
import type { SideProps } from './side.ts'
import { PlainUpload, RxwireUpload } from './upload.tsx'

/** One tab: both columns, and the code that runs in them. */
export interface Scenario {
  readonly about: string
  readonly Plain: ComponentType<SideProps>
  readonly Rxwire: ComponentType<SideProps>
  readonly code: { readonly plain: string; readonly rxwire: string }
  /** How the counters show a number. */
  readonly format: (count: number) => string
  /** Whether it runs only with the demo server. */
  readonly needsServer?: boolean
}

const whole = (count: number) => count.toLocaleString('en')
const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`

export const scenarios = {
  'Live feed': {
    about: 'Prices over Server-Sent Events, numbered by the server.',
    Plain: PlainFeed,
    Rxwire: RxwireFeed,
    code: { plain: feedPlain, rxwire: feedRxwire },
    format: whole,
  },
  'Model answer': {
    about: 'Answers of 40 words each, streamed over fetch. The counters count words.',
    Plain: PlainAnswers,
    Rxwire: RxwireAnswers,
    code: { plain: answerPlain, rxwire: answerRxwire },
    format: whole,
  },
  Chat: {
    about: 'A message every 0.7 s over a WebSocket, counted when the room sends it back.',
    Plain: PlainChat,
    Rxwire: RxwireChat,
    code: { plain: chatPlain, rxwire: chatRxwire },
    format: whole,
  },
  Upload: {
    about: 'Files of 12 MB. Duplicates are bytes that the server reads and cannot keep.',
    Plain: PlainUpload,
    Rxwire: RxwireUpload,
    code: { plain: uploadPlain, rxwire: uploadRxwire },
    format: megabytes,
    needsServer: true,
  },
} as const satisfies Readonly<Record<string, Scenario>>

export type TabName = keyof typeof scenarios
export const tabNames = Object.keys(scenarios) as TabName[]
