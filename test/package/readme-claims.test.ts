import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as kernel from 'rxwire'
import * as cached from 'rxwire/query/react'
import * as hooks from 'rxwire/react'
import { describe, expect, it } from 'vitest'
import { claims } from './readme-claims.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(resolve(root, file), 'utf8')
const readme = read('README.md')

/** The prose of a section, in one line and without links: the introduction, or what follows a heading. */
function prose(heading: string): string {
  const [, section = ''] = readme.split(heading)
  const text = (section.split(/^(?:## |<picture>|```)/m)[0] ?? '').trim()
  return text
    .replace(/^- /gm, '')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/\s+/g, ' ')
}

const sections = ['**Live data in React that survives bad networks.**', '## What you stop writing']
const text = [...sections, '## What your server must do', '## Limits and links'].map(prose).join(' ')

describe('the statements of the README', () => {
  it('are all held by a test', () => {
    const left = claims.reduce((rest, [words]) => rest.replace(words, ''), text)
    expect(left.trim().replace(/\s+/g, ' ')).toBe('')
  })

  it.each(claims)('"%s" is held by %s: "%s"', (words, file, title) => {
    expect(text).toContain(words)
    expect(read(`test/${file}`).replace(/\s+/g, ' ')).toContain(title)
  })

  it('name hooks and functions that are exported', () => {
    const [, table = ''] = readme.split('## Which hook')
    const rows = [...(table.split('## ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
    expect(rows.length).toBeGreaterThan(15)
    expect(rows.filter((name) => !(name in kernel || name in hooks || name in cached))).toEqual([])
  })

  it('the package is as the README says', () => {
    const { type, exports, license, dependencies, peerDependencies } = JSON.parse(read('package.json'))
    expect({ type, license, rxjs: peerDependencies.rxjs }).toEqual({ type: 'module', license: 'MIT', rxjs: '^7.8' })
    expect(JSON.stringify(exports)).not.toContain('require')
    expect(Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => /socket\.io/.test(name))).toEqual([])
  })
})
