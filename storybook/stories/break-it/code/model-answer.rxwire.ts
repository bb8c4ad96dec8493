import { useEffect } from 'react'
import { fromFetchStream, json, sse } from 'rxwire'
import { useFetchStream } from 'rxwire/react'

export function useAnswer(url: string, getToken: () => Promise<string>, onWord: (word: string, id: string) => void) {
  const answer = useFetchStream(
    (address: string) =>
      fromFetchStream(address, {
        decode: sse({ decode: json<{ text: string }>() }),
        endMarker: '[DONE]',
        // The server continues after the id of the last event.
        resume: true,
        headers: async () => ({ authorization: `Bearer ${await getToken()}` }),
        stallTimeoutMs: 3_000,
        retry: { maxRetries: 20 },
      }),
    { onMessage: ({ data, id = '' }) => onWord(data.text, id) },
  )

  const { start } = answer
  useEffect(() => start(url), [url, start])

  return answer
}
