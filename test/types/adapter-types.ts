import type { Signal } from '@angular/core'
import type { ReadonlySignal } from '@preact/signals-core'
import { fromFetchStream, json, type OutboxCounts, text, tus, type UploadItem, type Wire, type WireError } from 'rxwire'
import { injectEventSource, injectWire } from 'rxwire/angular'
import { eventSourceSignals, wireSignals } from 'rxwire/signals'
import { createEventSource, createWire } from 'rxwire/solid'
import { liveEventSource, liveWire } from 'rxwire/svelte'
import { useEventSource, useFetchStream, useUpload, useWebSocket, useWire } from 'rxwire/vue'
import type { Accessor } from 'solid-js'
import { expectTypeOf } from 'vitest'
import { computed, type ShallowRef, shallowRef } from 'vue'

// Checked by the compiler with `npm run typecheck`. This code never runs.
interface Tick {
  readonly price: number
}
declare const wire: Wire<Tick>
declare const isKnown: boolean
const sum = { initial: 0, fold: (sum: number, { price }: Tick) => sum + price }

export function infersTheDataOfAWire() {
  expectTypeOf(useWire(wire).data).toEqualTypeOf<Readonly<ShallowRef<Tick | undefined>>>()
  expectTypeOf(useWire(() => (isKnown ? wire : undefined), { keep: 3 }).data.value).toEqualTypeOf<Tick[]>()
  expectTypeOf(
    useWire(shallowRef(wire), { initial: '', fold: (all, { price }) => all + price }).data.value,
  ).toEqualTypeOf<string>()
  expectTypeOf(useWire(computed(() => wire)).data.value).toEqualTypeOf<Tick | undefined>()
  expectTypeOf(useWire(wire).error.value).toEqualTypeOf<WireError | undefined>()
  expectTypeOf(createWire(() => wire, sum).data).toEqualTypeOf<Accessor<number>>()
  expectTypeOf(liveWire(() => (isKnown ? wire : null), sum).data).toEqualTypeOf<number>()
  expectTypeOf(injectWire(() => wire, { keep: 3 }).data).toEqualTypeOf<Signal<Tick[]>>()
  expectTypeOf(wireSignals(wire).data).toEqualTypeOf<ReadonlySignal<Tick | undefined>>()
}

export function infersFromTheDecoderAndTheCallbacks() {
  const decode = json<Tick>()
  expectTypeOf(useEventSource('/ticks').data.value).toEqualTypeOf<string | undefined>()
  expectTypeOf(useEventSource(() => '/ticks', { decode, keep: 3 }).data.value).toEqualTypeOf<Tick[]>()
  expectTypeOf(createEventSource(() => '/ticks', { decode }).data()).toEqualTypeOf<Tick | undefined>()
  expectTypeOf(liveEventSource('/ticks', { decode, ...sum }).data).toEqualTypeOf<number>()
  const onMessage = (tick: Tick) => void tick.price
  expectTypeOf(injectEventSource('/ticks', { decode, keep: 3, onMessage }).data()).toEqualTypeOf<Tick[]>()
  const named = eventSourceSignals('/all', { events: { tick: decode, alert: json<string>() } }).data.value
  if (named?.name === 'tick') expectTypeOf(named.data).toEqualTypeOf<Tick>()
  useEventSource('/ticks', { decode, key: shallowRef('a'), enabled: () => isKnown })
  // @ts-expect-error: the callback is of another type than the messages.
  useEventSource('/ticks', { decode, onMessage: (tick: string) => tick })
  // @ts-expect-error: a url is no number.
  useEventSource(() => 3)
}

export function infersBothDirectionsOfASocket() {
  const chat = useWebSocket('/chat', { decode: json<Tick>(), encode: json<{ say: string }>(), keep: 3 })
  expectTypeOf(chat.data.value).toEqualTypeOf<Tick[]>()
  expectTypeOf(chat.queued.value).toEqualTypeOf<OutboxCounts['queued']>()
  expectTypeOf<Parameters<typeof chat.send>[0]>().toEqualTypeOf<{ say: string }>()
}

export function infersTheArgumentsOfStart() {
  const story = useFetchStream(
    (about: string, words: number) => fromFetchStream(about, { decode: text(), query: { words } }),
    {
      initial: '',
      fold: (story, piece) => story + piece,
    },
  )
  expectTypeOf(story.data.value).toEqualTypeOf<string>()
  expectTypeOf(story.start).toEqualTypeOf<(about: string, words: number) => void>()
  expectTypeOf(useUpload('/files', { protocol: tus() }).uploads.value).toEqualTypeOf<readonly UploadItem[]>()
}
