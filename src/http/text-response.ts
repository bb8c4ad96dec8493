import type { ResolvedRequest } from './request.ts'

/** An answer whose head has come and whose body is still to be read. The two engines look the same from here. */
export interface TextResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** Where the answer came from, after redirects. */
  readonly url: string
  /**
   * Hands over the body as it arrives, decoded as UTF-8, with the number of bytes so far where the engine
   * knows it (characters otherwise). Where the engine can, it waits for what `onText` returns before it reads on.
   * Call it once.
   *
   * @returns When the body has ended.
   * @throws WireError of kind `network` if the connection breaks; `CloseError` if this engine gives it up,
   *   because it holds as much as it should.
   */
  read(onText: (text: string, loaded: number) => void | Promise<void>): Promise<void>
}

/** Sends a request and answers when the response's head is there. */
export type OpenText = (request: ResolvedRequest, signal: AbortSignal) => Promise<TextResponse>
