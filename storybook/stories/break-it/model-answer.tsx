import { type ComponentType, useCallback, useEffect, useState } from 'react'
import { useAnswer as usePlainAnswer } from './code/model-answer.plain.ts'
import { useAnswer } from './code/model-answer.rxwire.ts'
import { type SideProps, useStatus } from './side.ts'
import { whyOf } from './why.ts'

const WORDS = 40
const PAUSE_MS = 1_500
const PER_ANSWER = 1_000

interface AnswerProps extends SideProps {
  readonly nth: number
  readonly onEnd: () => void
}

export function PlainAnswers(props: SideProps) {
  return <Answers {...props} Answer={PlainAnswer} />
}

export function RxwireAnswers(props: SideProps) {
  return <Answers {...props} Answer={RxwireAnswer} />
}

/** Asks for one answer after the other. */
function Answers({ Answer, ...props }: SideProps & { Answer: ComponentType<AnswerProps> }) {
  const [nth, setNth] = useState(1)
  const onEnd = useCallback(() => setNth((before) => before + 1), [])
  return <Answer key={nth} {...props} nth={nth} onEnd={onEnd} />
}

function PlainAnswer(props: AnswerProps) {
  const { text, onWord } = useWords(props)
  const { connection } = usePlainAnswer(answerUrl(props), props.lab.token, onWord)
  useStatus(props.side, connection, connection === 'failed' ? 'the answer broke off' : '')
  return <AnswerText {...props} text={text} connection={connection} />
}

function RxwireAnswer(props: AnswerProps) {
  const { text, onWord } = useWords(props)
  const state = useAnswer(answerUrl(props), props.lab.token, onWord)
  useStatus(props.side, state.connection, whyOf(state))
  return <AnswerText {...props} text={text} connection={state.connection} />
}

function AnswerText({ text, connection, onEnd }: { text: string; connection: string; onEnd: () => void }) {
  useEffect(() => {
    if (connection !== 'closed' && connection !== 'failed') return
    const timer = setTimeout(onEnd, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [connection, onEnd])
  return (
    <blockquote className="tale" aria-busy={connection === 'open'}>
      {text}
    </blockquote>
  )
}

/** The words of one answer. Each is an item with a number. */
function useWords({ side, nth }: AnswerProps) {
  const [words, setWords] = useState<readonly string[]>([])
  useEffect(() => {
    for (let word = 1; word <= WORDS; word += 1) side.account.expect(nth * PER_ANSWER + word)
  }, [side, nth])
  const onWord = useCallback(
    (word: string, id: string) => {
      side.receive(nth * PER_ANSWER + Number(id))
      setWords((before) => [...before, word])
    },
    [side, nth],
  )
  return { text: words.join(''), onWord }
}

function answerUrl({ lab, nth }: AnswerProps): string {
  return lab.url('/stream/answer', { words: WORDS, everyMs: 120, tale: 1, answer: nth })
}
