'use client'

import { isServer, QueryClient } from '@tanstack/query-core'
import { createContext, createElement, type ReactElement, type ReactNode, useContext, useState } from 'react'

/** What {@link WireProvider} is given. */
export interface WireProviderProps {
  /** The cache for everything inside. TanStack Query's own hooks may use the same one. */
  readonly client: QueryClient
  readonly children?: ReactNode
}

const ClientContext = createContext<QueryClient | undefined>(undefined)
let pageClient: QueryClient | undefined

/**
 * Says which query client `useFetch` keeps its answers in. Without it there is one for the page, made when it is first
 * needed; while a server renders, each component has one of its own, so that no visitor is shown what another one got.
 *
 * @example
 * ```tsx
 * import { QueryClient } from '@tanstack/query-core'
 * import type { ReactNode } from 'react'
 * import { WireProvider } from 'rxwire/react'
 *
 * const client = new QueryClient()
 *
 * export function App({ children }: { children: ReactNode }) {
 *   return <WireProvider client={client}>{children}</WireProvider>
 * }
 * ```
 */
export function WireProvider({ client, children }: WireProviderProps): ReactElement {
  // React 18 takes the context itself for its consumer.
  return createElement(ClientContext.Provider, { value: client }, children)
}

/** The client of the provider around this component, or else the page's. */
export function useWireClient(): QueryClient {
  const provided = useContext(ClientContext)
  const [fallback] = useState(() => (provided === undefined ? fallbackClient() : undefined))
  return provided ?? fallback ?? fallbackClient()
}

function fallbackClient(): QueryClient {
  if (isServer) return new QueryClient()
  pageClient ??= new QueryClient()
  return pageClient
}
