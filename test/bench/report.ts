import type { Figure, Target, Work } from './work.ts'

const HEAD = ['what', 'who', 'measured', '±', 'rxwire ÷ who']

/** Formats all benchmarks as one table for a terminal, followed by their targets. */
export function asTable(works: readonly Work[]): string {
  const rows = works.flatMap(({ title, figures }) => [[title.toUpperCase(), '', '', '', ''], ...rowsOf(figures)])
  const widths = HEAD.map((_, at) => Math.max(...[HEAD, ...rows].map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  const targets = works.flatMap(({ title, targets }) => targets.map((target) => `${said(target)} (${title})`))
  return ['', ...[HEAD, ...rows].map(line), '', ...targets].join('\n')
}

/** Formats all benchmarks as Markdown: a table for each, its targets and its notes. */
export function asMarkdown(works: readonly Work[], machine: string): string {
  const sections = works.map(({ title, figures, targets, notes = [] }) =>
    [
      `## ${title}`,
      table(figures),
      ...(targets.length > 0 ? [list(targets.map(said))] : []),
      ...(notes.length > 0 ? [notes.join(' ')] : []),
    ].join('\n\n'),
  )
  const missed = works.flatMap(({ targets }) => targets).filter(({ isMet }) => !isMet).length
  const intro = [
    '# What `npm run bench` has measured',
    machine,
    'Written by the last run. The ratio is rxwire’s figure divided by the contender’s. Contenders run in turns. ' +
      'Each figure is the median of several rounds, ± is half of the range of all rounds, and “noise” marks a ratio ' +
      `whose ranges overlap. Missed targets: ${missed}.`,
  ]
  return `${[...intro, ...sections].join('\n\n')}\n`
}

function table(figures: readonly Figure[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [row(HEAD), '| --- | --- | ---: | ---: | ---: |', ...rowsOf(figures).map(row)].join('\n')
}

/** Shows the name of a measurement only in its first row. */
function rowsOf(figures: readonly Figure[]): string[][] {
  return figures.map(({ what, who, value, unit, ratio, spread, isNoise }, at) => [
    what === figures[at - 1]?.what ? '' : what,
    who,
    `${shown(value)} ${unit}`.trimEnd(),
    spread === undefined ? '' : `${shown(spread * 100)} %`,
    ratio === undefined ? '' : `${shown(ratio)}${isNoise === true ? ' (noise)' : ''}`,
  ])
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

function said({ text, isMet }: Target): string {
  return `${isMet ? 'Met' : 'MISSED'}: ${text}`
}

/** Rounds to three significant digits. More would claim a precision that no benchmark has. */
function shown(value: number): string {
  return value.toLocaleString(
    'en',
    Math.abs(value) < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
  )
}
