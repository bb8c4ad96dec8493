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

/** The sections of the README: what their statements are held by. Samples run, and figures are compared with RESULTS.md. */
const headings = {
  'Live data': 'sample',
  'Model answer': 'sample',
  'Resumable upload': 'sample',
  'A live feed and its server': 'sample',
  'What you stop writing': 'prose',
  'Which hook': 'table',
  'What your server must do': 'prose',
  'Size, speed and peers': 'figures',
  'Limits and links': 'prose',
}

/** The text of a section without its code, or of the introduction. */
function section(heading?: string): string {
  const text = heading === undefined ? readme : (readme.split(`\n## ${heading}\n`)[1] ?? '')
  return (text.split(/^## /m)[0] ?? '').replace(/^```.*?^```|^<picture>.*?^<\/picture>/gms, '').trim()
}

/** In one line, without links and list marks. */
function plain(text: string): string {
  const withoutTitle = text.replace(/^(?:# rxwire|\*\*Live data in React.*)$/gm, '').replace(/^- /gm, '')
  return withoutTitle.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replace(/\s+/g, ' ')
}

const rows = [...section('Which hook').matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].slice(1)
const prose = Object.entries(headings).flatMap(([heading, kind]) => (kind === 'prose' ? [section(heading)] : []))
const text = plain([section(), ...prose, ...rows.map(([, have]) => have)].join('\n'))

describe('the statements of the README', () => {
  it('are in sections that this test knows', () => {
    expect([...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(Object.keys(headings))
    expect(
      section('Which hook')
        .replace(/^\|.*\|$/gm, '')
        .trim(),
    ).toBe('')
  })

  it('are all held by a test', () => {
    const left = claims.reduce((rest, [words]) => rest.replace(words, ''), text)
    expect(left.trim().replace(/\s+/g, ' ')).toBe('')
  })

  it.each(claims)('"%s" is held by %s: "%s"', (words, file, title) => {
    expect(text).toContain(words)
    expect(["'", '`'].filter((quote) => read(`test/${file}`).includes(quote + title))).not.toEqual([])
  })

  it('name what each module exports', () => {
    const namesIn = (cell: string | undefined) => [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
    expect(rows.length).toBeGreaterThan(5)
    const wrong = rows.flatMap(([, , ofReact, ofKernel]) => [
      ...namesIn(ofReact).filter((name) => !(name in hooks || name in cached)),
      ...namesIn(ofKernel).filter((name) => !(name in kernel)),
    ])
    expect(wrong).toEqual([])
  })

  it('are those of the package', () => {
    const { type, exports, license, dependencies, peerDependencies } = JSON.parse(read('package.json'))
    expect({ type, license, rxjs: peerDependencies.rxjs }).toEqual({ type: 'module', license: 'MIT', rxjs: '^7.8' })
    expect(JSON.stringify(exports)).not.toContain('require')
    expect(Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => /socket\.io/.test(name))).toEqual([])
  })
})
