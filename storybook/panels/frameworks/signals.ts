import '@preact/signals'
import { h, render } from 'preact'
import { eventSourceSignals } from 'rxwire/signals'
import { figuresOf, type MountFeed } from './feed.ts'

export const mountFeed: MountFeed = (container, url, options) => {
  const { data, connection, reconnect, stop } = eventSourceSignals(url, options)
  // A component for each part, so that each renders only for its own signal.
  const Badge = () =>
    h('output', { class: 'badge', 'data-connection': connection.value, 'aria-label': 'Connection' }, connection.value)
  const Figures = () =>
    h(
      'dl',
      { class: 'figures' },
      figuresOf(data.value).map(([name, value]) => h('div', { key: name }, h('dt', {}, name), h('dd', {}, value))),
    )
  render(
    [
      h(Badge, { key: 'badge' }),
      h(Figures, { key: 'figures' }),
      h('button', { key: 'reconnect', type: 'button', onClick: () => reconnect() }, 'Reconnect'),
      h('button', { key: 'stop', type: 'button', onClick: stop }, 'Stop'),
    ],
    container,
  )
  return () => render(null, container)
}
