import type { ReactNode } from 'react'
import { Card, WithoutServer } from './card.tsx'
import { type Lab, useLab } from './lab.ts'

/** A demo that needs the server: an empty card until the lab is open, and a notice if there is no server. */
export function WithLab({
  title,
  about,
  children,
}: {
  title: string
  about: string
  children: (lab: Lab) => ReactNode
}) {
  const { lab, error } = useLab()
  if (error !== undefined) return <WithoutServer error={error} />
  if (lab !== undefined) return children(lab)
  return (
    <Card title={title} about={about}>
      {null}
    </Card>
  )
}
