import { useEffect, useState } from 'react'
import { json } from 'rxwire'
import { useJsonp } from 'rxwire/react'
import type { Misdeed } from '../../test/server/routes/jsonp-evil.ts'
import { Card, WithoutServer } from '../panels/card.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { ErrorNotice } from '../panels/error-notice.tsx'
import { Figure } from '../panels/figure.tsx'
import { useLab } from '../panels/lab.ts'

/** The same hostile response twice: once isolated in a frame, once loaded into the page. */
export function JsonpIsolation() {
  const { lab, error } = useLab()
  const [isLetIn, letIn] = useState(false)
  useSecrets()
  if (error !== undefined) return <WithoutServer error={error} />
  const url = lab?.directUrl('/jsonp/evil')
  return (
    <div className="stack">
      <div className="switches">
        <button type="button" className="primary" disabled={isLetIn} onClick={() => letIn(true)}>
          Let the script into the page
        </button>
        <p className="quiet">The page keeps a secret in a cookie, in its storage and in a variable.</p>
      </div>
      <div className="side-by-side">
        <Answer
          title="Isolated, as by default"
          about="A script from elsewhere runs in a hidden frame that belongs to no origin. It can answer, once, and that is all."
          url={url}
          isolate
        />
        <Answer
          title="isolate: false"
          about="The same script where JSONP has always run. Its answer looks just as harmless."
          url={isLetIn ? url : undefined}
          isolate={false}
        />
      </div>
    </div>
  )
}

interface AnswerProps {
  readonly title: string
  readonly about: string
  /** The address. Nothing is requested without one. */
  readonly url: string | undefined
  readonly isolate: boolean
}

function Answer({ title, about, url, isolate }: AnswerProps) {
  const { data, ...state } = useJsonp(url ?? '', {
    decode: json<readonly Misdeed[]>(),
    isolate,
    enabled: url !== undefined,
    initial: { answers: 0, misdeeds: [] as readonly Misdeed[] },
    fold: ({ answers }, misdeeds) => ({ answers: answers + 1, misdeeds }),
  })
  const done = data.misdeeds.filter(({ got }) => got !== null).length
  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <dl className="figures in-a-row">
          <Figure name="Misdeeds that worked" value={tried(done, data.misdeeds)} isAlarming={done > 0} />
          <Figure name="Answers heard of 2" value={data.answers} />
        </dl>
      </section>
      <section>
        {data.misdeeds.length === 0 ? (
          <div className="empty">Not asked yet.</div>
        ) : (
          <ul className="deeds" aria-label={title}>
            {data.misdeeds.map(({ deed, got }) => (
              <li key={deed} data-connection={got === null ? 'open' : 'failed'}>
                <span>{deed}</span>
                <b title={got ?? undefined}>{got ?? 'refused'}</b>
              </li>
            ))}
          </ul>
        )}
        <ErrorNotice {...state} />
      </section>
    </Card>
  )
}

function tried(done: number, { length }: readonly Misdeed[]): string {
  return length === 0 ? '–' : `${done} of ${length}`
}

/** A secret for the script to find while the story is shown. Removes what the script has left behind. */
function useSecrets(): void {
  useEffect(() => {
    setCookie('open-sesame', 600)
    localStorage.setItem('secret', 'rosebud')
    Object.assign(globalThis, { secret: '42' })
    return () => {
      setCookie('', 0)
      localStorage.removeItem('secret')
      for (const name of ['secret', 'leftBehind']) Reflect.deleteProperty(globalThis, name)
    }
  }, [])
}

function setCookie(value: string, forSeconds: number): void {
  // biome-ignore lint/suspicious/noDocumentCookie: The Cookie Store wants https.
  document.cookie = `secret=${value}; path=/; max-age=${forSeconds}`
}
