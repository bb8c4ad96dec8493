import { QueryClient } from '@tanstack/query-core'
import { act, screen } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { type UseFetchOptions, useFetch, WireProvider } from 'rxwire/query/react'
import { expect } from 'vitest'

/** A query client, and a wrapper that provides it under StrictMode. */
export function page(client = new QueryClient()) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <WireProvider client={client}>{children}</WireProvider>
    </StrictMode>
  )
  return { client, wrapper }
}

/** React reserves the `key` prop, so `queryKey` stands for it. */
export type Options = Omit<UseFetchOptions<unknown, 'json'>, 'key'> & { queryKey?: UseFetchOptions<unknown>['key'] }

/** Shows the result of `useFetch`, with a button that refetches. */
export function Answer({ url, name = 'answer', queryKey, ...options }: { url: string; name?: string } & Options) {
  const { data, status, error, isFetching, refetch } = useFetch(url, { ...options, key: queryKey })
  return (
    <>
      <output aria-label={name}>{`${status}:${isFetching}:${JSON.stringify(data)}:${error?.kind}`}</output>
      <button type="button" onClick={refetch}>
        refetch {name}
      </button>
    </>
  )
}

export async function expectText(name: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText(name).textContent)).toMatch(text)
}

export function press(name: string): void {
  act(() => screen.getByText(name).click())
}

/** Simulates a page that is hidden and shown again. */
export function comeBack(): void {
  for (const state of ['hidden', 'visible']) {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
    // Browsers dispatch this event on the document. It bubbles to the window, where query-core listens.
    act(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  }
  Reflect.deleteProperty(document, 'visibilityState')
}
