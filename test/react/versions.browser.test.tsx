import { version } from 'react'
import { version as domVersion } from 'react-dom'
import { expect, inject, it } from 'vitest'

it('runs with the React version of this test project', () => {
  expect([version, domVersion].map(Number.parseFloat).map(Math.floor)).toEqual([inject('react'), inject('react')])
})
