import type { ReactNode } from 'react'

/** The frame of a demo. */
export function Card({
  title,
  about,
  badge,
  children,
}: {
  title: string
  about: string
  badge?: ReactNode
  children: ReactNode
}) {
  return (
    <article className="card">
      <header>
        <h2>{title}</h2>
        {badge}
        <p>{about}</p>
      </header>
      {children}
    </article>
  )
}

/** A notice in place of a demo whose server cannot be reached. */
export function WithoutServer({ error }: { error: Error }) {
  return (
    <p className="notice" role="alert" data-connection="failed">
      <strong>This demo needs its server.</strong> Run <code>npm start</code> in a clone of the repository. (
      {error.message})
    </p>
  )
}
