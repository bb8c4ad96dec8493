import { useEventSource } from 'rxwire/react'

// A Server Component may import a hook: it gets a client reference, which only a client component can call.
export default function Page() {
  return <output>{`a reference of the type ${typeof useEventSource}`}</output>
}
