'use client'

// The entry under the condition `react-server`, as `client.ts` of `rxwire/react`.
export { useFetch, useQueryConnection, WireProvider } from './index.ts'
