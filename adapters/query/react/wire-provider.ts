import { isServer, QueryClient } from '@tanstack/query-core'
import { createContext, createElement, type ReactElement, type ReactNode, useContext, useState } from 'react'

/** Props of {@link WireProvider}. */
export interface WireProviderProps {
  /** The query client for all `useFetch` inside. It may be the client of TanStack Query's own hooks. */
  readonly client: QueryClient
  /** The components that use the client. Default: none. */
  readonly children?: ReactNode
}

const ClientContext = createContext<QueryClient | undefined>(undefined)
let pageClient: QueryClient | undefined

/**
 * Provides the query client in which `useFetch` caches its responses. Without a provider, the page has one client,
 * created on first use. During server rendering each component has its own client, so that no visitor receives the
 * data of another.
 *
 * @example
 * ```tsx
 * import { QueryClient } from '@tanstack/query-core'
 * import type { ReactNode } from 'react'
 * import { WireProvider } from 'rxwire/query/react'
 *
 * const client = new QueryClient()
 *
 * export function App({ children }: { children: ReactNode }) {
 *   return <WireProvider client={client}>{children}</WireProvider>
 * }
 * ```
 */
export function WireProvider({ client, children }: WireProviderProps): ReactElement {
  // The context itself is a provider only since React 19. In React 18 it is the consumer.
  return createElement(ClientContext.Provider, { value: client }, children)
}

/** Returns the client of the closest provider, or the client of the page. */
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
