import { Choice } from './choice.ts'

/** How a record differs from a message with an id. */
type RecordKind =
  | 'plain'
  | 'named'
  | 'without id'
  | 'without data'
  | 'broken'
  | 'odd id'
  | 'huge'
  | 'retry'
  | 'forgetting'

const KINDS = [
  ...Array<RecordKind>(10).fill('plain'),
  'named',
  'without id',
  'without id',
  'without data',
  'broken',
  'odd id',
  'retry',
] as unknown as readonly [RecordKind, ...RecordKind[]]

// Longer than the limit of an event and of a line in the tests.
const HUGE = 'x'.repeat(40_000)

/** The numbered records of one server. A record never changes, so a client that receives an id twice has erred. */
export class Records {
  readonly #seeds: readonly number[]
  readonly #forgets: boolean

  /** @param forgets Whether some records have an empty id, which forgets the resume point. */
  constructor(seeds: readonly number[], forgets: boolean) {
    this.#seeds = seeds
    this.#forgets = forgets
  }

  event(n: number): string {
    const choice = new Choice(...this.#seeds, n)
    const data = `data: {"n":${n}}\n`
    switch (this.#kind(choice)) {
      case 'named':
        return `event: ${choice.of(['tick', 'error', 'open'])}\nid: ${n}\n${data}\n`
      case 'without id':
        return `${choice.of([': a comment\n', ''])}${data}\n`
      case 'without data':
        return `id: ${n}\n\n`
      case 'broken':
        return `id: ${n}\ndata: {"n":\n\n`
      case 'odd id':
        return `id: ${choice.of([`${n}\u0007`, ` ${n}`, `${n}\0`, 'x'.repeat(5_000), `${n}\t`])}\n${data}\n`
      case 'huge':
        return `id: ${n}\ndata: "${HUGE}"\n\n`
      case 'retry':
        return `retry: ${choice.of(['700', '0', '-1', 'soon', '99999999999999'])}\nid: ${n}\n${data}\n`
      case 'forgetting':
        return choice.of([`id:\n${data}\n`, 'id\n\n', 'id:\ndata: {"n":\n\n'])
      default:
        return `id: ${n}\n${data}\n`
    }
  }

  /** A line of NDJSON, or the text of a frame. */
  json(n: number): string {
    switch (this.#kind(new Choice(...this.#seeds, n))) {
      case 'without id':
        return '{}'
      case 'without data':
        return ''
      case 'broken':
        return '{"n":'
      case 'odd id':
        return `{"n":"${n}\\u0007"}`
      case 'huge':
        return `{"n":${n},"huge":"${HUGE}"}`
      default:
        return `{"n":${n}}`
    }
  }

  /** Whether every client delivers the record with its id. */
  isCertain(n: number): boolean {
    return ['plain', 'retry'].includes(this.#kind(new Choice(...this.#seeds, n)))
  }

  #kind(choice: Choice): RecordKind {
    if (this.#forgets && choice.chance(0.1)) return 'forgetting'
    return choice.chance(0.01) ? 'huge' : choice.of(KINDS)
  }
}
